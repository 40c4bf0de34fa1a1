"""Evidence against a stated law: e-processes with exact error rates, and why they rejected. NumPy only."""
