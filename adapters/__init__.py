"""Adapters translate between the core and the outside; none knows another."""
