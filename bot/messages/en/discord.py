"""Discord's own words."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "discord.option.prompt": "What the picture should show",
    "discord.option.model": "Which model draws",
    "discord.option.style": "Which style; any part of its name finds it",
    "discord.option.style_strength": "How strong the style is",
    "discord.option.shape": "Square or how wide or tall",
    "discord.option.size": "How large; the shape stays",
    "discord.option.width": "In pixels, instead of shape and size",
    "discord.option.height": "In pixels, instead of shape and size",
    "discord.option.count": "How many pictures",
    "discord.option.negative": "What the picture should not show",
    "discord.option.seed": "A number; the same one repeats a picture",
    "discord.option.guidance": "How closely it follows your words",
    "discord.option.hidden": "Only you see it",
    "discord.option.job": "Which one; any of its words find it",
    "discord.option.ping": "Tell me when a picture that took long is there",
    "discord.words": "Your words",
    "discord.for": "for {person}",
    "discord.later": "Still working. I'll send it to your DMs when it's ready, or you find it with /history.",
    "discord.smaller": "Shown smaller: the original is more than this chat takes.",
    "discord.film_too_big": "A video of {mb} MB is more than this chat takes, so it isn't shown here. "
    "It is kept as #{tag}.",
    "discord.elsewhere": "/show {tag} brings it where larger files are taken.",
    "discord.err.permission": "I can't post pictures in this channel: I lack {missing}. A moderator can give me that, "
    "or use me in direct messages. Nothing was charged.",
    "discord.err.slow": "That takes too long at the moment. Try again in a minute.",
    "discord.err.no_picture": "That message is none of my pictures.",
    "discord.err.unread": "Discord didn't hand me that picture. Nothing was charged. Attach it again.",
}
