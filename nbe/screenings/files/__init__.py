"""Photos and files of a visit: told by their content, drawn anew without location, kept outside the web root."""
