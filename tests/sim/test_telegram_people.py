"""What people do in the simulated Telegram, and what the bot hears of it."""

from __future__ import annotations

import pytest
from sim.telegram.people import Impossible
from sim.telegram.simulation import Simulation
from sim.telegram.sketch import button, client, picture, somewhere
from sim.telegram.state import MIB, Status
from telegram import ChatMemberAdministrator, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, ChatMigrated

from bot.testing.clock import FakeClock


def heard(sim: Simulation) -> list[str | None]:
    """The texts of all messages of which the bot was told."""
    return [update.body["message"].get("text") for update in sim.updates.ever if "message" in update.body]


async def test_in_a_group_the_bot_hears_only_what_is_meant_for_it() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        other = sim.person("other", username="other_bot", bot=True)
        meadow.members[other] = meadow.members[ada]
        await bot.send_message(meadow.id, "Here I am")
        for text in ("hello", "@limner_bot hello", "/imagine a", "/imagine@limner_bot b", "/imagine@other_bot c"):
            sim.says(ada, meadow, text)
        sim.sends_photo(ada, meadow, picture(), "/imagine under a picture")
        sim.replies(ada, sim.messages(meadow)[0], "to you")
        sim.says(other, meadow, "/imagine d")
        sim.says(ada, meadow, "/imagine e")
        assert heard(sim) == ["/imagine a", "/imagine@limner_bot b", "to you"]


@pytest.mark.parametrize("how", ["privacy is off", "it leads the group"])
async def test_a_bot_may_hear_everything(how: str) -> None:
    async with client() as (sim, _):
        ada, meadow = somewhere(sim)
        if how == "privacy is off":
            sim.privacy = False
        else:
            sim.promotes(meadow, sim.bot)
        sim.says(ada, meadow, "hello")
        assert heard(sim) == ["hello"]


async def test_in_private_it_hears_all_and_a_first_word_lets_it_write() -> None:
    async with client() as (sim, bot):
        ada = sim.person("ada", username="ada_l")
        sim.starts(ada, "j_K7F3")
        sim.says(ada, sim.private(ada), "a fox")
        assert heard(sim) == ["/start j_K7F3", "a fox"]
        chat = await bot.get_chat(ada.id)
        assert (chat.type, chat.first_name, chat.username) == ("private", "ada", "ada_l")


async def test_a_press_is_told_and_its_answer_is_seen() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        await bot.send_message(meadow.id, "Queued", reply_markup=button("Cancel", "j1:cancel:K7F3"))
        query = sim.press(ada, sim.messages(meadow)[0], "j1:cancel:K7F3")
        (update,) = await bot.get_updates()
        assert update.callback_query is not None
        assert (update.callback_query.data, update.callback_query.from_user.id) == ("j1:cancel:K7F3", ada.id)
        await update.callback_query.answer("Canceled", show_alert=True)
        assert query.answers == [{"text": "Canceled", "show_alert": True}]


async def test_a_press_can_be_answered_for_seconds_only() -> None:
    clock = FakeClock()
    async with client(clock) as (sim, bot):
        ada, meadow = somewhere(sim)
        await bot.send_message(meadow.id, "Queued", reply_markup=button("Cancel", "c"))
        query = sim.press(ada, sim.messages(meadow)[0], "c")
        await clock.advance(16)
        for number in (query.id, "nobody-asked"):
            with pytest.raises(
                BadRequest, match="Query is too old and response timeout expired or query id is invalid"
            ):
                await bot.answer_callback_query(number)


async def test_a_press_on_what_is_gone_tells_of_a_message_without_content() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        sent = await bot.send_message(meadow.id, "Queued", reply_markup=button("Cancel", "c"))
        query = sim.press(ada, sim.messages(meadow)[0], "c")
        await bot.delete_message(meadow.id, sent.message_id)
        sim.press_again(query)
        (_, again) = await bot.get_updates()
        assert again.callback_query is not None
        assert again.callback_query.message is not None
        assert again.callback_query.message.is_accessible is False


async def test_only_buttons_that_are_there_can_be_pressed() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        copied = InlineKeyboardButton("Copy", copy_text=CopyTextButton("a fox"))
        sent = await bot.send_message(meadow.id, "a fox", reply_markup=InlineKeyboardMarkup([[copied]]))
        (message,) = sim.messages(meadow)
        assert message.labels == [["Copy"]]
        with pytest.raises(Impossible):
            sim.press(ada, message, "Copy")
        await bot.edit_message_text("a hare", meadow.id, sent.message_id, reply_markup=button("Again", "a"))
        sim.leaves(ada, meadow)
        with pytest.raises(Impossible):
            sim.press(ada, message, "a")


async def test_a_deep_link_opens_the_bot() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        link = InlineKeyboardButton("Open", url="https://t.me/limner_bot?start=h_K7F3")
        away = InlineKeyboardButton("Away", url="https://example.com/")
        await bot.send_message(meadow.id, "Open me first", reply_markup=InlineKeyboardMarkup([[link, away]]))
        (message,) = sim.messages(meadow)
        assert sim.follows(ada, message, "Open").text == "/start h_K7F3"
        for label in ("Away", "Nowhere"):
            with pytest.raises(Impossible):
                sim.follows(ada, message, label)


async def test_edits_and_forwards_of_people_are_told_as_such() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        hers = sim.says(ada, meadow, "/imagine a fox")
        sim.edits(ada, hers, "/imagine a hare")
        sim.forwards(sim.person("bob"), hers, meadow)
        said, edited, forwarded = await bot.get_updates()
        assert said.message is not None
        assert edited.edited_message is not None
        assert (edited.edited_message.text, edited.edited_message.edit_date is None) == ("/imagine a hare", False)
        assert forwarded.message is not None
        assert forwarded.message.forward_origin is not None
        assert forwarded.message.forward_origin.type == "user"


async def test_nobody_can_do_what_telegram_would_not_let_them() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        bob = sim.person("bob")
        hers = sim.says(ada, meadow, "/imagine a fox")
        sim.blocks(ada)
        sim.leaves(bob, meadow)
        with pytest.raises(Impossible):
            sim.edits(bob, hers, "/imagine a hare")
        with pytest.raises(Impossible):
            sim.deletes(bob, hers)
        with pytest.raises(Impossible):
            sim.says(bob, meadow, "hello")
        with pytest.raises(Impossible):
            sim.says(ada, sim.private(ada), "hello")
        with pytest.raises(Impossible):
            sim.says(bob, sim.private(ada), "hello")
        assert (await bot.get_chat_member(meadow.id, bob.id)).status == "left"


async def test_an_administrator_without_a_name_and_a_channel_have_no_person() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        sim.says(ada, meadow, "/imagine a fox", anonymous=True)
        news = sim.channel("News")
        sim.says(ada, news, "/imagine a hare")
        anonymous, post = await bot.get_updates()
        assert anonymous.message is not None
        assert anonymous.message.from_user is not None
        assert (anonymous.message.from_user.username, anonymous.message.sender_chat) == (
            "GroupAnonymousBot",
            anonymous.message.chat,
        )
        assert post.channel_post is not None
        assert (post.channel_post.from_user, post.channel_post.sender_chat) == (None, post.channel_post.chat)


async def test_who_leads_a_group_can_be_asked() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        bob, carl = sim.person("bob"), sim.person("carl")
        sim.promotes(meadow, bob)
        sim.set_member(meadow, carl, Status.OWNER)
        members = [await bot.get_chat_member(meadow.id, person.id) for person in (ada, bob, carl)]
        assert [one.status for one in members] == ["member", "administrator", "creator"]
        assert isinstance(members[1], ChatMemberAdministrator)
        assert members[1].can_delete_messages
        assert {one.user.id for one in await bot.get_chat_administrators(meadow.id)} == {bob.id, carl.id}
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.get_chat_member(-1, ada.id)


async def test_the_bot_hears_of_its_own_place_in_a_chat() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        sim.kicks_bot(ada, meadow)
        sim.adds_bot(ada, meadow)
        sim.starts(ada)
        sim.blocks(ada)
        changes = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
        assert [one.new_chat_member.status for one in changes] == ["kicked", "member", "kicked"]
        assert [one.chat.id for one in changes] == [meadow.id, meadow.id, ada.id]


async def test_a_group_that_became_a_supergroup_takes_nothing_and_tells_its_new_number() -> None:
    async with client() as (sim, bot):
        ada, group = sim.person("ada"), sim.group("Meadow")
        sent = await bot.send_message(group.id, "Queued")
        new = sim.upgrade(ada, group)
        with pytest.raises(ChatMigrated) as migrated:
            await bot.send_message(group.id, "Queued")
        assert migrated.value.new_chat_id == new.id
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await bot.edit_message_text("Done", group.id, sent.message_id)
        with pytest.raises(ChatMigrated):
            await bot.delete_message(group.id, sent.message_id)
        assert (await bot.send_message(new.id, "Queued")).chat.type == "supergroup"
        assert [_migration(update) for update in await bot.get_updates()] == [(new.id, None), (None, group.id)]
        with pytest.raises(Impossible):
            sim.says(ada, group, "hello")
        with pytest.raises(Impossible):
            sim.upgrade(ada, group)


def _migration(update: Update) -> tuple[int | None, int | None]:
    assert update.message is not None
    return update.message.migrate_to_chat_id, update.message.migrate_from_chat_id


async def test_an_album_is_a_message_for_each_photo_with_words_under_the_first() -> None:
    async with client() as (sim, bot):
        ada = sim.person("ada")
        sim.sends_album(ada, sim.private(ada), [picture(), picture()], "two foxes")
        first, second = [update.message for update in await bot.get_updates() if update.message]
        assert first.media_group_id == second.media_group_id
        assert (first.caption, second.caption) == ("two foxes", None)


async def test_what_people_send_says_how_large_it_is_and_can_be_fetched() -> None:
    async with client() as (sim, bot):
        ada = sim.person("ada")
        sim.sends_photo(ada, sim.private(ada), picture(400, 200))
        sim.sends_document(ada, sim.private(ada), "fox.png", b"no picture")
        photo, document = [update.message for update in await bot.get_updates() if update.message]
        assert document.document is not None
        for one in (*photo.photo, document.document):
            assert len(await (await bot.get_file(one.file_id)).download_as_bytearray()) == one.file_size


async def test_a_reply_tells_what_it_replies_to_with_its_photo() -> None:
    async with client() as (sim, bot):
        ada, meadow = somewhere(sim)
        sim.replies(ada, sim.sends_photo(sim.person("bob"), meadow, picture(), "look"), "/edit at night")
        (update,) = await bot.get_updates()
        assert update.message is not None
        assert update.message.reply_to_message is not None
        assert (len(update.message.reply_to_message.photo), update.message.reply_to_message.caption) == (1, "look")


async def test_files_of_more_than_twenty_megabytes_cannot_be_fetched() -> None:
    async with client() as (sim, bot):
        ada = sim.person("ada")
        sim.sends_document(ada, sim.private(ada), "fox.png", bytes(20 * MIB + 1))
        (update,) = await bot.get_updates()
        assert update.message is not None
        assert update.message.document is not None
        with pytest.raises(BadRequest, match="File is too big"):
            await update.message.document.get_file()
