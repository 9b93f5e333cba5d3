"""The core of Limner: what is asked, what it costs, how a job lives. Knows no library of the outside."""
