"""Events of the network: who is asked, who signs up, who comes."""
