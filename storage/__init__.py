"""Stores: the same port (`bot.store`) on different databases."""
