"""The composition root: the only part that joins ports to adapters.

Each module joins what one kind of process needs and imports nothing else: ``worker`` knows no gRPC, ``service`` no
sandbox of its own.
"""
