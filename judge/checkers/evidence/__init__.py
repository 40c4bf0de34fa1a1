"""What the statistical checkers share: which calls to make, and words for what was found."""
