"""The sentences that only Discord needs."""

from __future__ import annotations

ABOUT = "about {percent} %"
READY = "ready {when}"
ALMOST = "almost there"
FOR = "for {person}"
LATER = "Still working. I'll send it to your DMs when it's ready, or you find it with /history."
DONE = "Your picture is ready."
MOVED = "I couldn't show this where you asked for it, so it comes here."
SMALLER = "Shown smaller: the original is more than this chat takes."
ELSEWHERE = "/show {tag} brings it where larger files are taken."
TOO_BIG = "A picture of {mb:.1f} MB is more than this chat takes, so it isn't shown here. It is kept as #{tag}."
GONE = "A picture is no longer stored."
