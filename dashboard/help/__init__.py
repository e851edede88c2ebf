"""Help and About: how to use the page, and what the program is made of."""
