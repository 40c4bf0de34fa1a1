"""The nouns of the judge: frozen dataclasses and enums, no input or output."""
