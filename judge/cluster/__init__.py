"""Gradings on a Ray cluster: an actor on each node that owns the engine of its host, and a driver that feeds them."""
