"""What is typed in the form of a visit: one field at a time, from several devices, each edit counted once."""
