"""Plain packages of the Kattis problem package format: legacy, 2023-07 and 2025-09, graded as they are."""
