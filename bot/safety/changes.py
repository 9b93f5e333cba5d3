"""The language of what is done to somebody in a picture, by language: `undressing.py` says how it goes together.

The entries are written as those of `words.py`.
"""
# ruff: noqa: RUF001 - Cyrillic words of one or two letters look Latin

from __future__ import annotations

# What takes off, leaves out or asks for what is beneath, somewhere before what is worn.
OFF = {
    "en": (
        "remove", "removes", "removing", "removed", "removal of", "take off", "takes off", "taking off", "took off",
        "taken off", "take away", "takes away", "taking away", "strip", "strips", "stripping", "stripped of",
        "strip off", "strips off", "stripping off", "strip away", "rip", "rips", "ripping", "rip off", "rips off",
        "ripping off", "ripped off", "tear", "tears", "tearing", "tear off", "tears off", "tearing off", "tore off",
        "tear away", "pull off", "pulls off", "pulling off", "pull down", "pulls down", "pulling down", "pull aside",
        "pulls aside", "push aside", "peel off", "peels off", "peeling off", "peel away", "slip off", "slips off",
        "slipping off", "slip out of", "slips out of", "slipping out of", "step out of", "steps out of", "get out of",
        "gets out of", "climb out of", "wriggle out of", "slide off", "slides off", "slide down", "throw off",
        "throws off", "throw away", "toss off", "toss aside", "cast off", "kick off", "yank off", "yank down",
        "cut off", "cuts off", "cut away", "shed", "sheds", "shedding", "drop", "drops", "dropping", "discard",
        "discards", "discarding", "ditch", "ditches", "lose", "loses", "erase", "erases", "erasing", "delete",
        "deletes", "deleting", "eliminate", "get rid of", "gets rid of", "getting rid of", "rid of", "hide", "inpaint",
        "edit out", "photoshop out", "photoshop away", "melt", "melts", "melt away", "dissolve", "dissolves",
        "evaporate", "vaporize", "burn", "burns", "burn away", "burn off", "undo", "undoes", "undoing", "unbutton",
        "unbuttons", "unbuttoning", "unzip", "unzips", "unzipping", "unhook", "unhooks", "unhooking", "unclasp",
        "untie", "unties", "unfasten", "unlace", "unwrap", "unpeel", "loosen", "loosens", "lift", "lifts", "lifting",
        "lift up", "lifts up", "lifting up", "pull up", "pulls up", "pulling up", "hike up", "hikes up", "hiking up",
        "hitch up", "raise", "raises", "raising", "flip up", "flips up", "open her", "opens her", "opening her",
        "open his", "opens his", "opening his", "open the", "opens the", "lower her", "lowers her", "lowering her",
        "lower his", "see through", "see thru", "look through", "look under", "looking under", "peek under",
        "what is under", "what is beneath", "what is underneath", "whats under", "whats beneath", "whats underneath",
        "what under", "what beneath", "what underneath", "what lies under", "what lies beneath", "what she has under",
        "without", "with out", "w o", "minus", "sans", "lacking", "free of", "devoid of", "no", "zero", "not wearing",
        "isn t wearing", "isnt wearing", "aren t wearing", "doesn t wear", "stops wearing", "stop wearing",
        "no longer wearing", "no longer wears", "never wore", "had no", "wearing no", "wears no", "has no", "with no",
        "forgot", "lower", "lowers", "lowering", "hike", "hikes", "out of", "take of", "takes of", "taking of",
        "remov", "rmove", "remvoe", "remve", "look like under",
        "looks like under", "look like beneath", "looks like beneath", "look like underneath", "looks like underneath",
    ),
    "de": (
        "entfern", "entferne", "entfernen", "entfernt", "loesche", "losche", "loschen", "weg mit", "ohne", "kein",
        "keine", "keinen", "reiss", "reisst", "streif", "streift", "offne", "offnet", "verlier", "runter mit",
    ),
    "fr": (
        "enleve", "enlever", "enlevez", "enlevant", "enlevee", "retire", "retirer", "retirez", "retirant", "ote",
        "oter", "otez", "supprime", "supprimer", "supprimez", "efface", "effacer", "effacez", "arrache", "arracher",
        "souleve", "soulever", "deboutonne", "deboutonner", "ouvre", "baisse", "baisser", "sans", "sans aucun",
        "sans aucune", "debarrasse", "fais disparaitre", "fait tomber", "ne porte pas de", "ne porte aucun",
    ),
    "es": (
        "quita", "quitar", "quitale", "quitarle", "quitarse", "quitate", "quitandose", "quitando", "quite", "elimina",
        "eliminar", "elimine", "borra", "borrar", "borre", "remueve", "remover", "saca", "sacale", "sacar", "arranca",
        "arrancar", "levanta", "levantale", "levantar", "baja", "bajale", "desabrocha", "desabotona", "sin",
        "sin ninguna", "sin ningun", "no lleva", "no lleve", "no llevar", "sin llevar", "deshazte de", "se quita",
    ),
    "pt": (
        "tira", "tire", "tirar", "tirando", "tire a", "remova", "remove", "remover", "removendo", "retira", "retire",
        "retirar", "apaga", "apague", "apagar", "elimine", "eliminar", "arranca", "arranque", "levanta", "levante",
        "abaixa", "abaixe", "desabotoa", "desabotoe", "sem", "sem nenhuma", "sem nenhum",
    ),
    "ru": (
        "сними", "снимите", "снять", "снимает", "снимают", "снимая", "сняла", "сняв", "снят", "убери", "уберите",
        "убрать", "убирает", "удали", "удалите", "удалить", "сотри", "стереть", "стяни", "стягивает", "сорви",
        "срывает", "расстегни", "расстегивает", "подними", "поднимает", "задери", "задирает", "спусти", "спускает",
        "без", "избавь от", "скинь", "скидывает", "сбрасывает",
    ),
}  # fmt: skip

# Whose it is, and which: it may stand between the two.
WHOSE = {
    "en": (
        "the", "a", "an", "her", "his", "their", "its", "my", "your", "our", "this", "that", "these", "those", "woman",
        "women", "man", "men", "girl", "girls", "boy", "boys", "lady", "ladies", "guy", "person", "people", "model",
        "female", "male", "character", "wife", "girlfriend", "boyfriend", "husband", "friend", "actress", "teacher",
        "subject", "figure", "womans", "mans", "girls s", "persons", "everyone", "everybody", "lady s", "hers", "him",
        "them", "from her", "from his", "from him", "from their", "from this woman", "from the woman", "from the man",
        "from the girl", "from the person",
    ),
    "de": (
        "die", "das", "den", "der", "dem", "ihr", "ihre", "ihren", "ihrem", "ihm", "sein", "seine", "seinen", "deren",
        "ihnen", "frau", "mann", "person", "alle", "alles", "ein", "eine", "einen", "mir", "dir",
    ),
    "fr": (
        "la", "le", "les", "l", "sa", "son", "ses", "leur", "leurs", "lui", "ma", "mon", "de la", "de cette", "cette",
        "ce", "du", "de", "un", "une", "tous", "toute", "toutes", "tous ses", "femme", "homme", "d",
    ),
    "es": (
        "la", "el", "los", "las", "su", "sus", "de", "del", "esta", "este", "toda", "todo", "toda la", "toda su",
        "todos", "un", "una", "mujer", "chica", "hombre", "le", "a",
    ),
    "pt": (
        "a", "o", "os", "as", "sua", "seu", "suas", "seus", "dela", "dele", "da", "do", "toda", "todas", "todo",
        "essa", "esta", "um", "uma", "mulher", "moca", "homem", "de",
    ),
    "ru": (
        "с нее", "с него", "с девушки", "с женщины", "с мужчины", "с них", "с себя", "с", "ее", "его", "их", "свою",
        "свое", "свои", "всю", "все", "всей", "эту", "это", "девушки", "женщины", "ей", "ему", "девушке", "у нее",
    ),
}  # fmt: skip

# More of the same may follow.
AND = {"en": ("and", "or", "and then"), "de": ("und",), "fr": ("et",), "es": ("y",), "pt": ("e",), "ru": ("и",)}

# What else may stand between them.
WHICH = {
    "en": (
        "one", "two", "last", "first", "all", "any", "every", "each", "some", "most", "both", "of", "off", "rest of",
        "layer", "layers", "pieces", "piece", "bits", "item", "items", "single", "entire",
        "whole", "other", "remaining", "please", "just", "only", "completely", "entirely", "totally", "fully", "slowly",
        "gently", "quickly", "carefully", "suddenly", "also", "then", "now", "simply", "own", "red", "blue", "green",
        "black", "white", "yellow", "pink", "purple", "orange", "brown", "grey", "gray", "beige", "long", "short",
        "tight", "loose", "wet", "dirty", "summer", "winter", "floral", "leather", "silk", "silky", "cotton", "wool",
        "denim", "lace", "current", "existing", "upper", "lower", "inner", "outer",
    ),
    "de": ("bitte", "langsam", "ganz", "komplett", "rote", "roten", "blaue", "weisse", "schwarze"),
    "fr": ("lentement", "completement", "rouge", "noire", "blanche"),
    "es": ("lentamente", "completamente", "por favor"),
    "pt": ("lentamente", "completamente", "por favor"),
    "ru": ("медленно", "полностью", "пожалуйста", "красное", "красную", "черное", "черную", "белую", "белое"),
}  # fmt: skip

# What may stand between what is worn and what becomes of it.
BECOMES = {
    "en": (
        "is", "are", "was", "be", "being", "to be", "become", "becomes", "becoming", "get", "gets", "getting", "go",
        "goes", "turn", "turns", "turned", "turning", "look", "looks", "make it", "more", "a bit", "slightly", "half",
        "semi", "almost", "nearly", "very", "so", "too", "completely", "entirely", "totally", "fully", "slowly",
        "gently", "quickly", "suddenly", "just", "all", "should", "must", "to", "into", "start to",
        "starts to", "starts", "begin to", "begins to", "been", "that", "it", "but", "has",
        "have", "had", "made of", "made from", "wet and", "soaked and",
    ),
    "de": ("wird", "werden", "ist", "sind", "soll", "langsam", "ganz", "komplett", "mit", "durch", "bitte"),
    "fr": ("est", "devient", "deviennent", "lentement", "completement", "par", "avec", "plus", "en"),
    "es": ("se", "es", "sea", "lentamente", "completamente", "por", "con", "mas"),
    "pt": ("fica", "fique", "lentamente", "completamente", "por", "com", "mais"),
    "ru": ("медленно", "полностью", "стала", "стало", "становится", "с нее", "с него", "совсем"),
}  # fmt: skip

# What is worn on the body. Coats, hats, shoes and what else may be put down among people is in `WORN` instead.
_GARMENTS = (
    "clothes", "clothing", "clothe", "cloths", "garment", "garments", "outfit", "outfits", "attire", "apparel",
    "costume", "uniform", "dress", "dresses", "sundress", "gown", "skirt", "skirts", "miniskirt", "shirt", "shirts",
    "t shirt", "t shirts", "tee", "blouse", "blouses", "tank top", "crop top", "tube top", "halter top", "pants",
    "trousers", "jeans", "shorts", "slacks", "leggings", "tights", "stockings", "sweater", "sweatshirt", "hoodie",
    "sweatpants", "joggers", "undershirt", "camisole",
    "jumper", "pullover", "turtleneck", "cardigan", "vest", "robe", "bathrobe", "kimono", "sari", "abaya", "towel",
    "overalls", "jumpsuit", "romper", "bodysuit", "leotard", "pajamas", "pyjamas", "nightgown", "nightdress",
    "clothez", "clohtes", "clothse", "shrit", "bra",
    "panties", "underwear", "lingerie", "bikini", "swimsuit",
)  # fmt: skip
_PERSONS = ("her", "his", "their", "woman", "womans", "girl", "girls", "lady", "man", "mans", "boy", "boys", "model")
GARMENT = {
    "en": (
        *_GARMENTS,
        *(f"{whose} {thing}" for whose in _PERSONS for thing in ("top", "tops", "suit", "bottoms")),
        *(f"fabric {on} {whose}" for on in ("on", "from", "covering", "off") for whose in ("her", "his", "the")),
        *(
            f"{what} {who} {wears}"
            for what in ("what", "everything", "all", "anything", "whatever", "things", "stuff")
            for who in ("she", "he", "they")
            for wears in ("wears", "is wearing", "wearing", "has on", "wear", "are wearing", "re wearing")
        ),
    ),
    "de": (
        "kleidung", "kleider", "kleid", "klamotten", "hemd", "bluse", "rock", "hose", "hosen", "jeans", "shirt",
        "t shirt", "tshirt", "pulli", "pullover", "top", "oberteil", "unterteil", "sachen", "bekleidung", "anzug",
        "bademantel", "handtuch", "bh", "unterwasche", "bikini", "kostum", "uniform", "strumpfe", "leggings",
    ),
    "fr": (
        "vetement", "vetements", "habit", "habits", "robe", "robes", "chemise", "chemisier", "jupe", "pantalon",
        "jean", "short", "t shirt", "tee shirt", "haut", "pull", "collants", "bas", "peignoir", "serviette", "tenue",
        "soutien gorge", "culotte", "uniforme", "debardeur",
    ),
    "es": (
        "ropa", "ropas", "vestido", "vestidos", "camisa", "camiseta", "blusa", "falda", "pantalon", "pantalones",
        "prendas", "prenda", "vestimenta", "jersey", "sueter", "vaqueros", "medias", "toalla", "bata", "sosten",
        "sujetador", "bragas", "uniforme", "traje", "polera", "remera",
    ),
    "pt": (
        "roupa", "roupas", "vestido", "vestidos", "camisa", "camiseta", "blusa", "saia", "calca", "calcas", "bermuda",
        "vestes", "pecas de roupa", "toalha", "roupao", "sutia", "calcinha", "uniforme", "moletom", "shorts",
    ),
    "ru": (
        "одежд*", "плать*", "рубашк*", "блузк*", "юбк*", "футболк*", "штаны", "штанов", "брюк*", "джинс*", "шорты",
        "свитер*", "кофт*", "майк*", "халат*", "полотенц*", "колготк*", "лифчик*", "наряд*", "костюм*", "топик*",
    ),
}  # fmt: skip

# It may go: but what comes with it in one breath may not.
WORN = {
    "en": (
        "hat", "cap", "coat", "jacket", "blazer", "scarf", "tie", "belt", "gloves", "shoes", "boots", "heels",
        "sandals",
        "socks", "glasses", "sunglasses", "mask", "helmet", "necklace", "earrings", "jewelry", "jewellery", "watch",
        "bag", "apron", "veil", "hijab", "accessories", "shawl", "cape",
    ),
    "de": ("hut", "jacke", "mantel", "schuhe", "socken", "brille", "schal"),
    "fr": ("chapeau", "veste", "manteau", "chaussures", "chaussettes", "lunettes", "echarpe"),
    "es": ("sombrero", "chaqueta", "abrigo", "zapatos", "calcetines", "gafas", "bufanda"),
    "pt": ("chapeu", "jaqueta", "casaco", "sapatos", "meias", "oculos"),
    "ru": ("шапк*", "куртк*", "пальто", "обувь", "туфли", "носки", "очки", "шарф"),
}  # fmt: skip

# Said of what is worn: it is gone, or shows what is beneath.
GONE = {
    "en": (
        "off", "down", "aside", "over her head", "over his head", "none", "taken off", "pulled off", "peeled off",
        "away", "taken away", "go away", "goes away", "not be there",
        "removed", "gone", "missing", "deleted", "erased", "stripped", "invisible", "disappear",
        "disappears", "disappeared", "disappearing", "vanish", "vanishes", "vanished", "vanishing", "evaporate",
        "evaporates", "dissolve", "dissolves", "dissolving", "melt", "melts", "melting", "melt away", "fade away",
        "fades away", "fading away", "fall off", "falls off", "falling off", "fell off", "fall down", "falls down",
        "fall away", "falls away", "falls to the floor", "fall to the floor", "falls to the ground",
        "drop", "drops", "dropping", "dropped", "dropped to the floor", "slip off", "slips off", "slipping off",
        "slip down", "slips down", "slipping down", "slide off", "slides off", "sliding off", "slides down",
        "sliding down", "rips off", "ripped off", "ripping off", "rips open", "ripped open", "torn off", "torn away",
        "tears off", "tears open", "torn open", "burst open", "bursts open", "burn away", "burns away", "burn off",
        "come off", "comes off", "coming off", "came off", "flies off", "fly off", "flying off", "blown off",
        "blows off", "blow off", "blown away", "blows away", "blows up", "blown up", "flies up", "flying up",
        "flips up", "lifted", "lifts up", "lifting up", "rides up", "riding up", "hiked up", "pulled up",
        "pulled down", "pulled aside", "unbuttoned", "unzipped", "undone", "untied", "open up", "opens up",
        "with plastic wrap", "with cling film", "with transparent plastic",
        *(
            f"{to} {bare}"
            for to in ("with", "by", "into", "for", "to")
            for bare in (
                "skin", "her skin", "his skin", "bare skin", "naked skin", "nothing", "flesh", "thin air", "air",
                "body paint", "bodypaint", "whipped cream", "foam", "leaves",
            )
        ),
    ),
    "de": (
        "ausziehen", "auszieht", "ausgezogen", "entfernen", "entfernt", "weg", "wegmachen", "weglassen",
        "wegnehmen", "verschwinden", "verschwindet", "ablegen", "abnehmen", "hoch", "runter",
        "herunter", "loschen", "haut", "nichts", "auszuziehen", "abstreifen",
    ),
    "fr": (
        "enleve", "enlevee", "enleves", "retire", "retiree", "retires", "disparait", "disparaissent", "disparaitre",
        "tombe", "tombent", "en moins", "sa peau", "rien",
    ),
    "es": ("fuera", "desaparece", "desaparecen", "desaparezca", "quitado", "quitada", "cae", "caen", "piel", "nada"),
    "pt": ("fora", "desaparece", "desaparecem", "desapareca", "removida", "removido", "cai", "caindo", "pele", "nada"),
    "ru": (
        "снят*", "снять", "убрать", "удалить", "долой", "исчез*", "спада*", "падает", "кож*", "сними", "убери",
        "удали", "сползает",
    ),
}  # fmt: skip

# What shows what is beneath, said before what is worn or after it.
SHEER = {
    "en": (
        "see through", "see thru", "seethrough", "transparent", "translucent", "sheer", "gauzy", "diaphanous",
        "invisible", "skin colored", "skin coloured", "flesh colored", "flesh coloured", "x ray", "xray",
        "skimpy", "skimpier", "revealing", "barely there",
    ),
    "de": ("durchsichtig*", "transparent*", "unsichtbar*", "knapp*", "durchscheinend*"),
    "fr": ("transparent*", "invisible*", "translucide*"),
    "es": ("transparente*", "invisible*", "traslucid*", "translucid*"),
    "pt": ("transparente*", "invisivel", "invisiveis", "translucid*"),
    "ru": ("прозрачн*", "просвечива*", "невидим*"),
}  # fmt: skip

PLACES = (
    "chair", "floor", "bed", "ground", "wall", "rack", "line", "washing line", "clothesline", "hanger", "sofa", "couch",
    "table", "beach", "sand", "grass", "shelf", "closet", "basket", "bench", "fence", "balcony", "door", "hook", "rail",
)  # fmt: skip

# Directly behind what is worn: it is this that goes, or changes.
SPOT = {
    "en": (
        "logo", "logos", "stain", "stains", "text", "print", "prints", "wrinkle", "wrinkles", "crease", "creases",
        "button", "buttons", "tag", "tags", "label", "labels", "pattern", "patterns", "color", "colour", "colors",
        "colours", "pocket", "pockets", "collar", "collars", "sleeve", "sleeves", "lint", "graphic",
        "number", "badge", "patch", "zipper", "hanger", "hangers", "rack", "racks", "rail", "line", "lines", "shop",
        "store", "basket", "pile", "shadow", "shadows", "reflection", "hem", "hole", "holes", "texture", "dryer",
        "brand", "writing", "in the background", "in the closet", "in the corner",
        *(f"{at} {place}" for at in ("on the", "on a", "from the", "off the", "over the") for place in PLACES),
    ),
}  # fmt: skip

# Whose clothes are not on a chair.
SOMEBODY = frozenset({"her", "his", "their", "him", "she", "he", "woman", "man", "girl", "boy", "lady", "person"})

# A word in front of what is worn that says nothing of how it looks: something else ends there.
NO_LOOK = frozenset({
    "background", "backdrop", "logo", "watermark", "text", "sky", "stain", "stains", "wrinkles", "wall", "car",
    "people",
    "tree", "trees", "building", "buildings", "on", "in", "from", "with", "who", "at", "make", "change", "give", "put",
    "add", "keep", "turn", "replace", "paint", "but", "wearing", "behind", "near", "beside",
})  # fmt: skip
