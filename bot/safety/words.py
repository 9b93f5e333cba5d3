"""The language of the rules, by language: widen it here, the rules stay as they are.

A `*` at the end stands for any ending. Spaces, dots and hyphens between and inside words,
accents, repeated letters, digits for letters and look-alike letters need no entries of
their own. Chinese and Japanese entries count anywhere, all others as whole words.
"""

from __future__ import annotations

# Nothing sexual is drawn for anybody: acts, organs, nudity and the trade's own words.
SEXUAL = {
    "en": (
        "sex", "sexual*", "sexting", "sex toy*", "oral sex", "intercourse", "make love", "making love", "lovemaking",
        "porn*", "pr0n", "hentai*", "nsfw", "xrated", "xxx rated", "xxx video", "rule34", "rule 34", "erotic*",
        "erotis*", "fetish*", "bdsm", "bondage", "kinky", "dominatrix", "nude", "nudes", "nuder", "nudit*", "nudis*",
        "nudie*", "nudy", "naked", "nakedn*", "nekkid", "naturist", "naturism", "topless", "full frontal",
        "skinny dip*", "penis", "penises", "phallus", "vagina*", "vulva*", "labia", "clit", "clitor*", "genital*",
        "scrotum", "testicles", "anus", "anal", "pubes", "pubic", "semen", "cum", "cums", "cumming", "cumshot",
        "cumshots", "creampie", "ejaculat*", "boner", "boobs", "boob", "boobies", "boobjob", "tits", "titties",
        "titty", "breasts", "bare breast", "exposed breast", "naked breast", "nipple", "nipples", "areola", "areolas",
        "areolae", "underboob", "sideboob", "cameltoe", "camel toe", "pussy", "pussies", "cunt", "cunts", "twat",
        "dildo", "dildos", "strapon", "strap on dildo", "buttplug", "butt plug", "butthole", "bare ass", "bare butt",
        "bare bottom", "bare buttocks", "big ass", "her ass", "his ass", "ass cheeks", "asshole", "big cock",
        "huge cock", "hard cock", "his cock", "dick pic", "dick pics", "big dick", "huge dick", "hard dick",
        "his dick", "dicks", "blowjob", "blowjobs", "blow job", "handjob", "handjobs", "footjob", "rimjob", "titjob",
        "deepthroat", "deep throat", "fellat*", "cunniling*", "masturbat*", "wank", "wanking", "jerk off",
        "jerking off", "jack off", "jacking off", "fingering herself", "touching herself", "touching himself",
        "orgasm*", "orgy", "orgies", "threesome", "gangbang*", "gang bang", "bukkake", "fuck", "fucks", "fucked",
        "fucking", "fucker", "screwing her", "doggy style", "doggystyle", "missionary position", "cowgirl position",
        "reverse cowgirl", "spread legs", "spread her legs", "spreading her legs", "legs spread", "legs spread open",
        "legs wide open", "horny", "slut", "sluts", "slutty", "whore", "whores", "milf", "milfs", "camgirl*",
        "onlyfans", "striptease", "strip tease", "stripping naked", "upskirt", "up skirt shot", "lap dance", "ahegao",
        "futanari", "paizuri", "oppai", "ecchi", "lewd", "lewds", "yiff", "rape", "raped", "raping", "rapes", "rapist",
        "molest", "molests", "molested", "molesting", "molester", "molesters", "molestation", "incest*", "bestiality",
        "zoophil*", "necrophil*", "pedo", "pedos", "pedophil*", "paedophil*", "lolicon", "shotacon", "jailbait",
        "barely legal",
    ),
    "de": (
        "nackt", "nackte", "nackten", "nackter", "nacktes", "nacktem", "nacktheit", "nacktbild*", "nacktfoto*",
        "splitternackt", "halbnackt*", "entblosst*", "oben ohne", "fkk", "porno*", "sexszene*", "titten", "bruste",
        "brustwarze*", "nippel", "fotze", "ficken", "fickt", "geschlechtsverkehr", "erotik*", "erotisch*",
        "vergewaltig*", "hure",
    ),
    "fr": (
        "femme nue", "femmes nues", "fille nue", "filles nues", "homme nu", "hommes nus", "corps nu", "corps nus",
        "toute nue", "tout nu", "entierement nue", "completement nue", "a moitie nue", "seins", "seins nus", "sexe",
        "sexuel*", "porno*", "erotique*", "denude*", "nudite", "fellation", "orgasme", "partouze", "salope",
    ),
    "es": (
        "desnudo", "desnuda", "desnudos", "desnudas", "desnudez", "semidesnud*", "encuerad*", "sexo", "porno*",
        "erotico*", "erotica*", "tetas", "pezon", "pezones", "coito", "follando", "follar", "mamada", "orgasmo*",
        "violacion de",
    ),
    "pt": (
        "mulher nua", "mulheres nuas", "garota nua", "menina nua", "homem nu", "homens nus", "toda nua", "corpo nu",
        "completamente nua", "nuas", "nudez", "mulher pelada", "garota pelada", "buceta", "sexo explicito",
        "transando", "punheta", "siririca",
    ),
    "ru": (
        "голая", "голую", "голой", "голые", "голых", "голый", "голого", "голышом", "обнажен*", "нагая", "нагой",
        "нагую", "порно*", "секс", "секса", "сексом", "сексуальн*", "эроти*", "сиськи", "сисек", "соски", "хентай",
        "минет", "изнасил*", "трахать", "трахает*", "мастурб*", "оргазм*", "топлес*", "влагалищ*", "шлюх*",
    ),
    "zh": (
        "裸体", "裸體", "裸女", "裸男", "裸照", "裸身", "裸露", "全裸", "半裸", "色情", "情色", "性爱", "性愛", "做爱",
        "做愛", "性交", "淫荡", "淫蕩", "淫乱", "淫亂", "阴茎", "陰莖", "阴道", "陰道", "阴部", "乳头", "乳頭", "露点",
        "露點", "露乳", "露胸", "强奸", "強姦", "口交", "自慰", "黄片", "巨乳",
    ),
    "ja": (
        "裸の", "ヌード", "セックス", "ポルノ", "エロい", "エロ画像", "エロ絵", "エロアニメ", "エッチな", "乳首",
        "おっぱい", "まんこ", "ちんこ", "ちんぽ", "アヘ顔", "中出し", "乱交", "オナニー", "フェラチオ", "レイプ",
        "丸裸", "すっぽんぽん",
    ),
}  # fmt: skip

# Nobody is undressed. What takes off or shows through, directly before whose clothes, is of this kind too.
REMOVING = (
    "remove", "removes", "removing", "removed", "take off", "takes off", "taking off", "took off", "taken off",
    "strip", "strips", "stripping", "stripped of", "strip off", "strips off", "stripping off", "stripped off",
    "rip off", "rips off", "ripping off", "ripped off", "tear off", "tears off", "tearing off", "tore off", "pull off",
    "pulling off", "pull down", "pulls down", "pulling down", "peel off", "erase", "delete", "lose", "get rid of",
    "see through", "see thru", "transparent", "translucent", "sheer",
)  # fmt: skip
_WHOSE = (
    "", "the", "all", "all the", "all of the", "her", "all her", "all of her", "his", "all his", "all of his", "their",
    "all their", "all of their", "my", "your", "its", "this woman", "the woman", "this girl", "the girl", "this man",
    "the man", "this person", "the person", "the lady", "most of her", "some of her",
)  # fmt: skip
_CLOTHES = (
    "clothes", "clothing", "clothe", "cloths", "outfit", "dress", "dresses", "skirt", "shirt", "shirts", "t shirt",
    "blouse", "bra", "pants", "panties", "underwear", "bikini", "swimsuit", "lingerie", "garments", "gown",
    "nightgown", "robe", "leggings",
)  # fmt: skip
CLOTHES = (
    *(f"{whose} {clothes}" for whose in _WHOSE for clothes in _CLOTHES),
    *(f"{whose} {top}" for whose in ("her", "his", "their") for top in ("top", "tops")),
)  # fmt: skip

UNDRESSING = {
    "en": (
        "undress*", "uncloth*", "unclad", "disrob*", "nudif*", "deepnude*", "declothe*", "no clothes", "no clothing",
        "no clothes on", "without clothes", "without clothing", "without any clothes", "without any clothing",
        "without her clothes", "without his clothes", "without their clothes", "zero clothes", "without a stitch",
        "wearing nothing", "dressed in nothing", "wears nothing", "nothing on but", "clothesless", "clothless",
        "braless", "no bra", "without bra", "without a bra", "without her bra", "without panties", "no panties",
        "no underwear", "without underwear", "clothes ripped off", "clothes torn off", "clothes falling off",
        "clothes off", "dress falling off", "in the buff", "in her birthday suit", "in his birthday suit",
        "birthday suit", "au naturel", "strip her", "strip him", "strips her", "xray clothes", "x ray her clothes",
        "wearing see through", "see through top", "see thru top", "clothes see through", "clothes transparent",
        "barely clothed", "wardrobe malfunction",
        *(f"{clothes} removed" for clothes in _CLOTHES),
        *(f"{whose} {clothes} off" for whose in ("her", "his", "their", "all") for clothes in _CLOTHES),
    ),
    "de": (
        "entkleide*", "ausgezogene", "zieh sie aus", "zieht sich aus", "ziehen sich aus", "ohne kleidung",
        "ohne kleider", "ohne klamotten", "unbekleidet*", "kleidung entfernen", "durchsichtige kleidung",
        "durchsichtiges kleid", "durchsichtige bluse",
    ),
    "fr": (
        "deshabill*", "devetu*", "devetir", "sans vetement", "sans vetements", "sans habits", "enleve ses vetements",
        "enlever ses vetements", "retire ses vetements", "robe transparente", "vetements transparents",
    ),
    "es": (
        "desvest*", "desvist*", "sin ropa", "sin ropas", "quitale la ropa", "quitarle la ropa", "quita la ropa",
        "quitandose la ropa", "ropa transparente", "vestido transparente",
    ),
    "pt": (
        "despida", "despido", "despindo*", "sem roupa", "sem roupas", "tira a roupa", "tire a roupa", "tirar a roupa",
        "tirando a roupa", "remova a roupa", "roupa transparente", "vestido transparente",
    ),
    "ru": (
        "раздень*", "раздет*", "раздева*", "без одежды", "без белья", "сними одежду", "снимает одежду", "снять одежду",
        "прозрачная одежда", "прозрачное платье", "прозрачной одежде",
    ),
    "zh": (
        "脱衣服", "脫衣服", "脱衣舞", "脱掉衣服", "脱掉她", "脱光", "脫光", "没穿衣服", "沒穿衣服", "不穿衣服",
        "一丝不挂", "一絲不掛", "透视装", "透明衣服",
    ),
    "ja": ("脱がせ", "脱がす", "脱がし", "服を脱", "服なし", "服を着ていない", "全部脱", "スケスケ", "透け透け"),
}  # fmt: skip

# Said of adults this may be drawn; said of or near children it never is.
SUGGESTIVE = {
    "en": (
        "sexy", "sexier", "sexiest", "sexi", "sexily", "sexualized", "sexualised", "seduc*", "sensual*", "sultry",
        "provocative", "provocatively", "suggestive", "suggestively", "alluring", "flirt*", "lust", "lustful", "lusty",
        "aroused", "arousing", "arousal", "moaning", "revealing", "skimpy", "scantily*", "scanty", "barely dressed",
        "half dressed", "partially clothed", "undergarment*", "lingerie", "negligee", "nightie", "babydoll", "boudoir",
        "underwear", "underpants", "undies", "panty", "panties", "pantyhose", "knickers", "briefs", "thong", "thongs",
        "g string", "gstring", "bra", "bras", "bralette", "brassiere", "bikini", "bikinis", "microbikini", "swimsuit",
        "swimsuits", "swimwear", "bathing suit", "bathing suits", "speedo", "speedos", "garter", "garters", "fishnet",
        "fishnets", "thigh high", "thigh highs", "corset", "bustier", "latex suit", "skin tight", "miniskirt*",
        "mini skirt", "short skirt", "micro skirt", "booty shorts", "hot pants", "cleavage", "busty", "voluptuous",
        "flat chest*", "midriff", "buttocks", "crotch", "thighs", "big booty", "wet shirt", "wet t shirt",
        "wet tshirt", "wet clothes", "shirtless", "bare chest*", "without a shirt", "no shirt", "without shirt",
        "half naked", "pinup", "pin up", "stripper*", "strip club", "pole danc*", "twerk*", "spank*", "gagged",
        "voyeur*", "uncensored", "naughty girl*", "naughty schoolgirl*", "naughty teen*", "naughty outfit*",
        "curvy body", "curvy girl*", "hot girl", "hot girls", "hot teen", "hot teens", "hottie", "making out",
        "french kiss*", "kissing passionately", "passionate kiss*", "in the shower", "taking a shower", "playboy",
        "bedroom eyes", "nubile",
    ),
    "de": (
        "unterwasche", "unterwaesche", "reizwasche", "dessous", "verfuhrerisch*", "aufreizend*", "freizugig*",
        "leicht bekleidet*", "knapp bekleidet*", "lasziv*", "badeanzug", "hoschen", "unterhose", "schlupfer",
        "strapse", "dekollete*",
    ),
    "fr": (
        "sous vetements", "culotte", "soutien gorge", "seduis*", "provocant*", "sensuel*", "aguich*", "decollete*",
        "maillot de bain", "deshabille", "petite tenue", "coquin*",
    ),
    "es": (
        "ropa interior", "lenceria", "provocativ*", "bragas", "tanga", "escote", "traje de bano", "seductor*",
        "sujetador", "insinuante*", "calzoncillos",
    ),
    "pt": ("roupa intima", "calcinha*", "sutia", "biquini*", "sedutor*", "decote", "fio dental", "cueca"),
    "ru": (
        "белье", "белья", "бикини", "купальник*", "соблазн*", "откровенн*", "трусик*", "трусах", "лифчик*", "чулк*",
        "стринг*", "эротичн*", "развратн*", "пошл*",
    ),
    "zh": (
        "性感", "内衣", "內衣", "内裤", "內褲", "比基尼", "泳装", "泳裝", "泳衣", "诱惑", "誘惑", "挑逗", "暴露",
        "胸罩", "丝袜", "絲襪",
    ),
    "ja": (
        "セクシー", "下着", "ビキニ", "水着", "パンツ", "パンティ", "ブラジャー", "挑発", "誘惑", "色っぽい",
        "ランジェリー", "谷間",
    ),
}  # fmt: skip

# Everything that says or hints at under 18, ages in figures apart (`AGED`).
MINORS = {
    "en": (
        "child", "children", "childs", "childlike", "child like", "childish", "childhood", "kid", "kids", "kiddo",
        "kiddie", "kiddy", "schoolkid*", "teen", "teens", "teenage", "teenaged", "teenager", "teenagers", "teenie",
        "teeny", "preteen*", "pre teen", "tween", "tweens", "toddler", "toddlers", "infant", "infants", "baby",
        "babies", "newborn*", "months old", "month old", "weeks old", "minor child", "minors", "underage*",
        "under age", "under 18", "under eighteen", "below 18", "below eighteen", "not yet 18", "adolescen*",
        "juvenile*", "prepubescent", "pubescent", "puberty", "youngster*", "youths", "boy", "boys", "girl", "girls",
        "1girl", "2girls", "3girls", "1boy", "2boys", "schoolgirl*", "schoolboy*", "school girl", "school boy",
        "school uniform*", "school student*", "high school*", "highschool*", "middle school*", "elementary school*",
        "primary school*", "grade school*", "junior high", "first grader", "grader", "graders", "kindergart*",
        "preschool*", "nursery school", "little sister", "little brother", "daughter", "daughters", "stepdaughter*",
        "granddaughter*", "grandchild*", "grandson*", "niece", "nieces", "nephew", "loli", "lolis", "shota", "shotas",
        "young looking", "looks young", "very young", "too young", "baby face*", "babyface*", "boy scout*",
        "girl scout*", "orphan*",
    ),
    "de": (
        "kinder", "kindes", "kindlich*", "kleinkind*", "schulkind*", "madchen", "maedchen", "schulmaedchen",
        "schulmadchen", "schuler*", "schulerin*", "minderjahrig*", "jugendlich*", "teenie*", "saugling*",
        "kleiner junge", "kleine junge", "ein kind", "das kind", "dem kind",
    ),
    "fr": (
        "enfant*", "fillette*", "petite fille", "petites filles", "jeune fille", "garcon*", "petit garcon", "mineure",
        "mineures", "mineur", "adolescent*", "ecolier*", "ecoliere*", "lyceen*", "collegien*", "gamine*", "bebe",
        "bebes",
    ),
    "es": (
        "una nina", "la nina", "las ninas", "ninas", "un nino", "el nino", "los ninos", "ninos", "nina pequena",
        "colegiala*", "menor de edad", "menores de edad", "chica adolescente",
    ),
    "pt": (
        "crianca*", "menina", "meninas", "menino", "meninos", "garotinh*", "menor de idade", "menores de idade",
        "estudante colegial",
    ),
    "ru": (
        "ребен*", "дети", "детей", "детск*", "девочк*", "мальчик*", "школьниц*", "школьник*", "подрост*",
        "несовершеннолет*", "малыш*", "малолет*", "младен*", "дочь", "дочк*",
    ),
    "zh": (
        "儿童", "兒童", "孩子", "小孩", "女孩", "男孩", "少女", "少年", "幼女", "幼儿", "幼兒", "婴儿", "嬰兒",
        "未成年", "萝莉", "蘿莉", "正太", "小学生", "小學生", "中学生", "中學生", "高中生", "初中生",
    ),
    "ja": (
        "子供", "子ども", "こども", "幼い", "幼児", "女の子", "男の子", "女子高生", "女子中学生", "高校生", "赤ちゃん",
        "ロリ", "ショタ", "園児",
    ),
}  # fmt: skip

# What an age under 18 is written with, behind the figure and before it.
AGED = (
    "years old", "year old", "yrs old", "yr old", "years of age", "yo", "y o", "yearold", "jahre alt", "jahrig*",
    "ans", "anos", "лет", "года", "годик*",
)  # fmt: skip
AGED_BEFORE = ("age", "aged", "age of", "agee de", "alter von", "edad de", "idade de", "возраст")
FIGURES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen",
)  # fmt: skip

# Everyday phrases in which a word above means something else: it does not count there.
_NUDE_THINGS = (
    "lipstick", "lipsticks", "lip gloss", "heels", "shoes", "pumps", "sandals", "tights", "nails", "nail polish",
    "manicure", "makeup", "make up", "eyeshadow", "palette", "shade", "shades", "tone", "tones", "color", "colors",
    "colour", "colours", "colored", "coloured", "beige", "pink", "lips",
)  # fmt: skip
_NAKED_THINGS = (
    "mole rat", "mole rats", "eye", "flame", "flames", "cake", "cakes", "tree", "trees", "branch", "branches", "twigs",
    "bike", "motorcycle", "bulb", "bulbs", "light bulb", "sword", "blade", "truth", "gun", "singularity",
    "neck chicken",
)  # fmt: skip
_TITS = ("blue", "coal", "marsh", "willow", "crested", "bearded", "long tailed", "sombre", "varied")
_BREASTS = ("chicken", "duck", "turkey", "goose", "pheasant", "quail", "pigeon")

HARMLESS = {
    "en": (
        *(f"nude {thing}" for thing in _NUDE_THINGS),
        *(f"naked {thing}" for thing in _NAKED_THINGS),
        *(f"{kind} tits" for kind in _TITS),
        *(f"{bird} breasts" for bird in _BREASTS),
        "breasts of chicken", "garter snake", "garter snakes", "no nudity", "without nudity", "no nsfw", "not nsfw",
        "not naked", "not nude", "same sex", "opposite sex", "sex pistols", "sex and the city", "sexual dimorphism",
        "sexual selection", "sexual reproduction", "sexual orientation", "sexual health", "pussy willow",
        "pussy willows", "pussy cat", "pussy cats", "pussy riot", "cum laude", "oilseed rape", "rape field",
        "rape fields", "rape blossom", "rape blossoms", "rape flowers", "horny toad", "horny toads", "horny lizard",
        "horny lizards", "kinky hair", "kinky curls", "kinky boots", "topless car", "topless jeep", "topless bus",
        "footed boobies", "footed booby", "bottle nipple", "bottle nipples", "grease nipple", "grease nipples",
        "clothes off the line", "the clothes off the line", "her clothes off the line", "his clothes off the line",
        "their clothes off the line", "clothes off the washing line", "the clothes off the washing line", "baby blue",
        "baby pink", "baby yak", "baby back ribs", "kid gloves", "thong sandal", "thong sandals", "bikini bottom",
        "pin up board", "pin up boards", "closet without clothes", "wardrobe without clothes",
        "hanger without clothes", "hangers without clothes", "denuded", "brass", "bonner", "essex", "sussex", "wessex",
        "middlesex", "scunthorpe", "annus", "rapped", "rapping",
    ),
    "de": ("nackte felsen", "nackter fels", "nackte aste", "nackte baume", "nackten baumen"),
    "es": ("pies desnudos", "arboles desnudos"),
    "ru": ("голые деревья", "голых деревьев", "голые ветки", "голые скалы", "секс пистолс"),
    "zh": ("裸眼",),
    "ja": ("裸の王様", "裸の木", "裸の枝"),
}  # fmt: skip

# Ordinary words whose letters, read without the space between them, would be something else.
NEIGHBOURS = ("pen is", "who re", "an us", "an al", "an all")

# Pictures that say a word.
EMOJI = {
    "👶": "baby", "🧒": "child", "👦": "boy", "👧": "girl", "👼": "baby", "🚸": "children", "🍼": "baby",
    "👙": "bikini", "🩲": "briefs", "🩱": "swimsuit", "🔞": "nsfw",
}  # fmt: skip

# Words that are often written in one with a word above.
PEOPLE = (
    "woman", "women", "man", "men", "girl", "girls", "boy", "boys", "lady", "teen", "teens", "body", "female", "male",
    "wife", "child", "kid", "kids", "pic", "pics", "photo", "photos", "art",
)  # fmt: skip
JOINED = ("nude", "naked", "topless", "sex", "horny", "slutty")
