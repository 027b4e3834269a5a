"""Events: gatherings of businesses and of the coordination group; who is asked, signs up, waits and comes.

Names of people signed up are seen by the municipality they belong to and by administrators; everybody else sees
counts. Other rooms use `nbe.events.actions` and `nbe.events.queries`.
"""
