"""The settings: one frozen object, and the only reader of the environment and of ``judge.toml``.

They are declared in ``settings``, each with one of the ``parsers``; ``reading`` finds what an operator has set.
"""

from judge.config.reading import load
from judge.config.settings import Settings, key_of
from judge.config.table import describe

__all__ = ["Settings", "describe", "key_of", "load"]
