"""Pure: who may press what."""

from __future__ import annotations

from bot.model import Act, Message, Origin

_ANYBODYS = frozenset({Act.AGAIN, Act.WORDS, Act.MORE, Act.DETAILS, Act.PICK, Act.EDIT, Act.ANIMATE, Act.EFFECT})
_MODERATORS = frozenset({Act.CANCEL, Act.DELETE, Act.ORIGINAL})


def may(act: Act, origin: Origin, message: Message, *, owner: bool) -> bool:
    """Whether a press does something; `owner` says that the message is that person's own, wherever they press.

    In the chat where it is shown, anybody may ask for the same as a job of their own or
    see one picture alone and how it was made, and moderators may stop and remove it.
    """
    if owner:
        return True
    if (origin.platform, origin.chat) != (message.platform, message.chat):
        return False
    return act in _ANYBODYS or (act in _MODERATORS and origin.moderator)
