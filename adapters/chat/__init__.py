"""Where people talk: one package per platform."""
