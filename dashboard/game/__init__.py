"""The tab "Real or coloured?"."""
