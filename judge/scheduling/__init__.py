"""Which grading runs when: admission, priority, sharing, cancellation, drain."""
