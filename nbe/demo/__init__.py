"""Made-up data: the story of spring 2016, and as many synthetic businesses as one asks for."""
