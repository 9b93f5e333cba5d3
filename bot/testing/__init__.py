"""Fakes at the ports, shipped so that plug-ins can be tested without a network or a clock."""
