"""The hours for the forløb: what they take, who can give them, what is promised, and what is lent."""
