"""Programs of A1 that a learner's can be set against: right ones, and broken ones."""
