"""The language of showing somebody bare, by language, and what only sounds like it.

The entries are written as those of `words.py`.
"""
# ruff: noqa: RUF001 - the punctuation of Chinese is the point

from __future__ import annotations

from bot.safety.changes import PLACES

# Whatever else is said, somebody is to show more of themselves.
EXPOSING = {
    "en": (
        "more skin", "show skin", "shows skin", "showing skin", "bare skin", "exposed skin", "bare body", "bare torso",
        "bare midriff", "bare it all", "bares it all", "baring it all", "bare all", "expose more", "more revealing",
        "very revealing", "revealing outfit*", "revealing dress*", "revealing cloth*", "revealing costume*",
        "revealing top", "revealing tops", "revealing version", "less clothes", "less clothing", "less clothed",
        "fewer clothes", "fewer garments", "less dressed", "less covered", "less fabric", "underdressed",
        "minimal clothing", "minimal clothes", "minimum clothing", "as god made her", "as god made him",
        "as nature intended", "as nature made her", "as she was born", "as he was born", "the day she was born",
        "in her natural state", "in his natural state", "clothing free", "clothes free", "clothing optional",
        "garmentless", "clothingless", "pantless", "pantsless", "skirtless", "wearing only", "wears only",
        "wearing just", "wears just", "only wearing", "just wearing", "dressed only in", "clad only in", "clad in only",
        "covered only", "only covered", "only a towel", "just a towel", "only her towel", "towel drops", "towel falls",
        "in only her", "in only his", "in just her", "in just his", "in nothing but", "with nothing but",
        "nothing but her", "nothing but his", "nothing but a smile", "nothing underneath", "nothing under her",
        "nothing on her body", "has nothing on", "going commando", "low cut", "plunging neckline", "lower neckline",
        "lower the neckline", "lower her neckline", "deeper neckline", "deep neckline", "she strips", "he strips",
        "they strip", "woman strips", "girl strips", "man strips", "strip down to", "strips down", "stripping down",
        "strip for me", "strip for us", "strip for the camera", "strips for the camera", "strips for me",
        "stripping for", "strip to her", "strip to his", "strips to her", "strips to his", "strip to the waist",
        "stripped to", "strip this", "strip the woman", "strip the girl", "strip the man", "strip the person",
        "strip the model", "strip them", "strips him", "strips them", "stripping her", "stripping him", "stripped her",
        "slowly strips", "slowly stripping", "take it all off", "takes it all off", "taking it all off",
        "take everything off", "takes everything off", "taking everything off", "remove everything she",
        "remove everything he", "swim trunks", "swimming trunks", "swim briefs", "monokini", "tankini", "jockstrap",
        "boxer shorts", "boxer briefs", "in her boxers", "in his boxers", "underthings", "intimate apparel",
        "with pasties", "in pasties", "neckline lower", "neckline deeper", "as few clothes", "very few clothes",
        "hardly any clothes", "barely any clothes",
        "hardly dressed", "scarcely dressed", "barely covered", "nothing on except", "wearing absolutely nothing",
        "clothed only", "xxx version", "xxx style",
        *(f"nothing but {thing}" for thing in ("heels", "shoes", "boots", "socks", "jewelry", "a hat", "a tie")),
        "without wearing anything", "not wearing anything", "t wearing anything", "without anything on",
        "with nothing on", "outfit nothing", "instead of clothes", "instead of clothing", "instead of her clothes",
        "instead of his clothes", "body paint only", "only body paint", "painted on clothes", "only foam", "foam only",
        "eve costume", "eves costume", "adam costume", "undrss", "undess", "wear nothing",
        "her skirt up", "his shirt up", "blows her dress up", "blows up her dress",
        "xray vision", "x ray vision", "uncensor*", "decensor*", "remove censor*", "remove the censor*", "sexualize*",
        "sexualise*", "bathing costume", "swimming costume", "beachwear",
        *(f"more of {whose} {part}" for whose in ("her", "his") for part in ("body", "chest", "skin", "breast")),
        *(f"everything off {who}" for who in ("her", "him", "them", "the woman", "the girl", "the man", "the person")),
        *(f"{more} {part}" for more in ("bigger", "larger") for part in ("bust", "breast", "butt", "booty")),
        *(
            f"{more} {whose} {part}"
            for more in ("enlarge", "increase", "inflate", "make")
            for whose in ("her", "the woman")
            for part in ("bust", "breast", "chest", "butt", "bum", "booty")
        ),
        *(
            f"{show} {whose} {part}"
            for show in (
                "reveal", "reveals", "revealing", "expose", "exposes", "exposing", "show", "shows", "showing", "see",
                "show off",
                "showing off", "bare", "bares", "baring", "uncover", "uncovers", "uncovering",
            )
            for whose in ("her", "his", "their", "the woman", "more", "more of her", "more of his")
            for part in (
                "body", "skin", "chest", "breast", "torso", "stomach", "belly", "thighs", "curves", "midriff", "bust",
                "backside", "butt", "bare",
            )
        ),
    ),
    "de": (
        "zieh sie aus", "zieh ihn aus", "zieh die frau aus", "zieh dich aus", "zieht sie aus", "zieht ihn aus",
        "frau ausziehen", "sie ausziehen", "mehr haut", "evaskostum", "adamskostum", "tragt nur", "hat nichts an",
        "im slip", "im tanga", "nur mit handtuch",
        "weniger kleidung", "hullenlos*", "wie gott sie schuf", "bademode", "badehose", "im bikini",
        "oberkorperfrei", "freier oberkorper",
    ),
    "fr": (
        "plus de peau", "devoile son corps", "devoiler son corps", "tenue d eve", "tenue d adam", "moins de vetements",
        "moins vetue", "moins habille*", "torse nu", "poitrine nue", "a poil", "rien sur elle", "vetue seulement",
        "seulement vetue", "bikini*", "en string", "nuisette", "slip de bain",
    ),
    "es": (
        "mas piel", "ensena mas", "menos ropa", "desvistela", "desnudala", "en cueros", "como dios la trajo",
        "como vino al mundo", "ligera de ropa", "torso desnudo", "banador*", "bikini*",
        "biquini*", "lenceria*", "calzones", "solo lleva", "mas reveladora", "revelador*", "muestra mas piel",
    ),
    "pt": (
        "mais pele", "menos roupa", "despir", "dispa", "despe", "como veio ao mundo", "mais revelador*", "so de toalha",
        "apenas de toalha", "lingerie", "maio de banho", "fato de banho", "sunga",
        "bikini*", "mostrando o corpo", "mostre o corpo",
    ),
    "ru": (
        "раздет*", "раздев*", "разден*", "больше кожи", "меньше одежды", "без ничего", "в чем мать родила", "нагишом",
        "оголи*", "оголен*", "оголя*", "плавки", "плавках", "с голым торсом", "полуодет*",
        "ню",
    ),
}  # fmt: skip

# Near a picture these say something else, or that somebody is to be covered.
SKIMPY = (
    "bikini", "swimsuit", "swimwear", "bathing suit", "underwear", "lingerie", "bra", "panties", "cleavage", "thong",
    "corset", "swim trunks", "skin",
)  # fmt: skip
INNOCENT = {
    "en": (
        *(f"{before} {thing}" for before in ("over the", "over her", "over his", "instead of the", "instead of a",
          "instead of", "cover the", "cover her", "cover his", "cover up the", "cover up her", "covering the",
          "covering her", "less", "not in a", "no longer in a") for thing in SKIMPY),
        *(f"{thing} {behind}" for thing in SKIMPY for behind in ("shop", "store", "brand", "advertisement", "ad",
          "mannequin", "on the clothesline", "on the line", "on the rack", "on the hanger", "drawer")),
        *(f"{put} {whose} {things} away" for put in ("put", "tidy", "pack") for whose in ("the", "her", "his")
          for things in ("clothes", "dresses", "shirts", "towel", "towels")),
        "with nothing on the", "with nothing on it", "with nothing on top", "made out of", "low cut grass",
        *(f"down to {whose} {place}" for whose in ("the", "her", "his") for place in ("ankles", "floor", "ground",
          "knees", "knee", "feet", "toes")),
        "less revealing", "not revealing", "swimming pool", "off white", "off shoulder", "off the shoulder",
        "off the shoulders", "off shoulders", "without dress code", "no dress code", "take everything off the",
        *(f"off the {place}" for place in PLACES),
        "more skin tone", "more skin tones", "more skin texture", "more skin detail", "more skin details",
        "bare skin tone", "show skin texture", "dress up", "dress shoes", "dress rehearsal",
    ),
    "fr": ("haut de", "bas de"),
    "ru": ("постельное белье", "постельного белья"),
}  # fmt: skip

# Near children it is something else; with a picture alone it is as often said of weather, light and tailoring.
AMBIGUOUS = frozenset({
    "revealing", "briefs", "pinup", "pin up", "sultry", "alluring", "corset", "thigh high", "thigh highs", "fishnet",
    "fishnets", "skin tight", "lust", "パンツ",
})  # fmt: skip

# In the name of an effect it is never anything else.
TRADE = frozenset({
    "breast", "missionary", "doggy", "cowgirl", "facial", "squirt", "squirting", "jiggle", "jiggling", "titfuck",
    "spitroast", "bj",
    "hj", "milking", "strip", "stripper",
})  # fmt: skip

# What the skimpy may be replaced with.
COVERS = (
    "coat", "jacket", "dress", "suit", "sweater", "hoodie", "jumper", "raincoat", "uniform", "jeans", "trousers",
    "shirt", "blouse", "gown", "robe", "kimono", "sari", "wetsuit", "t shirt", "tshirt", "tracksuit", "outfit",
    "clothes", "cardigan", "armor", "armour", "costume", "jumpsuit", "overalls", "pajamas", "spacesuit",
)  # fmt: skip

# Written without spaces: each is a pattern, between whose halves a few characters may stand, but no end of a clause.
_ZH = (
    "衣服|衣物|衣裳|上衣|裙子|连衣裙|連衣裙|短裙|长裙|衬衫|襯衫|T恤|裤子|褲子|牛仔裤|短裤|毛衣|制服|浴袍|浴巾|睡衣|旗袍"
)
_JA = "服|衣装|シャツ|ブラウス|スカート|ズボン|ドレス|ワンピース|着物|浴衣|セーター|タオル|パンツ|ジーンズ|トップス"
_JA_GONE = (
    "脱|消し|消え|取っ|取り(?!替|換)|取る|外し|外す|外れ|除い|除去|削除|はだけ|めく|まく|破|透け|透明|落ち|なくし"
)
UNSPACED = (
    rf"(?:脱|脫|扒|剥|除去|去掉|去除|移除|删除|刪除|拿掉|消除|撕|掀|解开|解開|褪|抹掉|擦掉)(?:(?!的)\w){{0,6}}(?:{_ZH})(?!上的|的|里|架|店)",
    rf"(?:脱|扒|去掉|去除|移除)\w{{0,8}}的(?:{_ZH})(?!上的|的|里|架|店)",
    rf"(?:{_ZH})(?:(?!的)\w){{0,4}}(?:脱|脫|去掉|去除|拿掉|移除|删掉|刪掉|消失|褪|掉下|滑落|掀|解开|透明|透视)",
    rf"(?:透明|透视|透視|半透)\w{{0,3}}(?:{_ZH})",
    rf"(?:不穿|不要穿|别穿|没穿|沒穿|没有穿|沒有穿|没有|无|不要)(?:{_ZH})(?!架|店|的|上)",
    r"只穿|仅穿|僅穿|露出\w{0,4}(?:身体|身體|胸|皮肤|肌肤|大腿)|露得更多|更暴露|少穿|赤身|赤膊|光着身|脱她|脱他|扒光|裸",
    rf"(?:{_JA})(?:を|だけ|が)?(?:全部|すべて|ゆっくり|少し|完全に)?(?:{_JA_GONE})",
    rf"(?:{_JA})(?:なし|無し|抜き|を着ていない|を着ない)",
    rf"(?:透明な|透けた|透ける|シースルーの?)(?:{_JA})",
    "脱い|脱ぐ|脱ぎ|脱が|肌を(?:もっと)?(?:見せ|露出|出し)|もっと肌|露出度|半裸|シースルー",
)  # fmt: skip
UNSPACED_INNOCENT = (
    "脱衣所|裸足|裸眼|裸の王様|裸の木|裸の枝|裸麦|裸电线|裸色|裸妆|裸粉"
    "|(?:帽子|靴|靴下|コート|上着|ジャケット|手袋|ヘルメット|メガネ)を脱"
)
