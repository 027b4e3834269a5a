"""The promises at their full figures: `make drill` prints one line for each."""
