"""The IPython extension, and what a notebook uses beside it: %%node, %progress, a server on loopback."""

DOORS = ("extension", "local_api")
