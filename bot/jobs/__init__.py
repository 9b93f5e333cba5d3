"""The life of a job: states, pacing, what is shown when, recovery."""
