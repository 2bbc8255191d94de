"""An invented electronics shop of any size, with searches and grades that follow from what each article is.

Titles are as sellers on large marketplaces write them: brand, features, what it fits, sizes and a colour. A search
names a kind of article, often by a name that few titles have, with a brand, a figure or the device it must fit. An
article of that kind that meets all that was asked is *exact*, one of that kind that misses something a *substitute*, a
device where an accessory for it was asked or the other way round a *complement*, all else *irrelevant*.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from griot.rehearsal.judged import GAINS, Grade, Judged, Query, article_for_sale, data

_MAKERS = 14  # brands a kind of article comes from
_DEVICES = 0.25  # of each device there are fewer than of each kind of accessory


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of article. ``titles``: its names in titles; ``asked``: those that buyers use; ``axes``: its figures."""

    name: str
    category: str
    titles: Sequence[str]
    asked: Sequence[str]
    features: Sequence[str]
    axes: Sequence[Sequence[str]] = ()
    fits: Sequence[str] = ()
    brands: Sequence[str] = ()
    told: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    code: str
    kind: Kind
    brand: str
    title: str
    description: str
    figures: frozenset[str]
    fits: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a search asks for. ``figures``: all of them must be met."""

    kind: Kind
    brand: str = ""
    fits: str = ""
    figures: frozenset[str] = field(default_factory=frozenset)

    def grade(self, article: Article) -> float:
        """The gain of an article (see ``GAINS``)."""
        if article.kind is self.kind:
            met = (not self.brand or article.brand == self.brand) and (not self.fits or article.fits == self.fits)
            return GAINS["exact" if met and self.figures <= article.figures else "substitute"]
        device = self.fits and article.kind.name == "device" and article.brand in self.fits
        accessory = self.kind.name == "device" and article.fits and self.brand in article.fits
        return GAINS["complement"] if device or accessory else 0.0


def electronics(size: int, searches: int, seed: int = 7) -> Judged:
    """A catalogue of ``size`` articles and ``searches`` judged searches; the same for the same figures."""
    chance = random.Random(seed)  # noqa: S311
    kinds, brands = _kinds()
    makers = {id(kind): kind.brands or chance.sample(brands, _MAKERS) for kind in kinds}
    weights = [_DEVICES if kind.name == "device" else 1.0 for kind in kinds]
    articles = [_article(n, kind, makers, chance) for n, kind in enumerate(chance.choices(kinds, weights, k=size))]
    wishes = list(_wishes(articles, searches, chance))
    queries = [Query(f"s{n}", text, kind, "en") for n, (kind, text, _) in enumerate(wishes)]
    grades = [
        Grade(f"s{n}", article.code, gain)
        for n, (_, _, wish) in enumerate(wishes)
        for article in articles
        if (gain := wish.grade(article))
    ]
    products = [article_for_sale(a.code, a.title, a.kind.category, a.description) for a in articles]
    return Judged(f"invented electronics, {size} products", products, queries, grades)


def _kinds() -> tuple[list[Kind], list[str]]:
    table = yaml.safe_load(data().joinpath("electronics.yaml").read_text(encoding="utf-8"))
    devices = table["devices"]
    kinds = []
    for name, row in table["kinds"].items():
        kinds.append(
            Kind(
                name=name,
                category=row["category"],
                titles=row["titles"],
                asked=row["asked"],
                features=row["features"],
                axes=row.get("axes", ()),
                fits=[device for group in row.get("fits", ()) for device in devices[group]],
                brands=row.get("brands", ()),
                told=row.get("told", ""),
            )
        )
    for group, row in table["sold"].items():
        for device in devices[group]:
            kinds.append(
                Kind("device", row["category"], [device], [device], row["features"], row["axes"], brands=[device])
            )
    return kinds, table["brands"]


def _article(number: int, kind: Kind, makers: dict[int, Sequence[str]], chance: random.Random) -> Article:
    brand = chance.choice(makers[id(kind)])
    figures = [chance.choice(axis) for axis in kind.axes]
    fits = chance.choice(kind.fits) if kind.fits else ""
    features = chance.sample(list(kind.features), min(len(kind.features), chance.randint(2, 4)))
    model = f"{chance.choice('ABCDEGHKLMPRSTVWX')}{chance.choice('ABCDEFKLMNPRSTUX')}{chance.randint(10, 999)}"
    name = chance.choice(kind.titles)
    own = [] if kind.name == "device" else [brand]
    parts = [*own, *([model] if chance.random() < 0.4 and own else []), name]
    if fits:
        others = [d for d in kind.fits if d != fits and d.split()[0] == fits.split()[0]]
        also = f"/{chance.choice(others)}" if others and chance.random() < 0.15 else ""
        parts.append(f"{chance.choice(['for', 'Compatible with', 'Designed for'])} {fits}{also},")
    shown = [figure for figure in figures if chance.random() < 0.85]
    if chance.random() < 0.3 and len(parts) > 1:
        parts.insert(1, features.pop())
    title = " ".join(parts) + (" " + ", ".join([*shown, *features]) if shown or features else "")
    title = title.replace(",,", ",") + f" ({chance.choice(COLOURS)})"
    told = [f"{kind.told} {', '.join(features)}.", f"{', '.join(figures)}." if figures else ""]
    told += chance.sample(BOASTS, 2)
    return Article(f"E{number}", kind, brand, title, " ".join(told).strip(), frozenset(figures), fits)


COLOURS = ("Black", "White", "Silver", "Space Gray", "Blue", "Red", "Rose Gold", "Green", "Clear", "Purple")
BOASTS = (
    "Works with phone, tablet, laptop, desktop computer and TV.",
    "What you get: charging cable, carrying case, user manual and our worry-free 18-month warranty.",
    "Perfect gift for men, women, kids, gamers and students.",
    "Not compatible with wireless charging or magnetic car mount.",
    "Plug and play: no driver needed for Windows, Mac OS, Linux and Chromebook.",
    "Connect your headphones, speaker, keyboard, mouse or camera.",
    "Premium build protects your screen from scratches and your device from drops.",
    "If your battery, adapter or charger has a problem, contact us and we replace it.",
    "Enjoy music, movies, video calls and games at home, in the office, in the car.",
    "Please check your model number before you buy.",
)


def _wishes(articles: Sequence[Article], searches: int, chance: random.Random) -> Iterator[tuple[str, str, Wish]]:
    """Searches for articles that are there: how each is made, its words, what it asks for."""
    fitting = [article for article in articles if article.fits]
    for n in range(searches):
        manner = ("kind", "brand", "figure", "fits", "typos", "kind")[n % 6]
        article = chance.choice(fitting if manner == "fits" else articles)
        kind = article.kind
        name = chance.choice(kind.asked).lower()
        figures = sorted(article.figures)
        figure = chance.choice(figures) if figures else ""
        if manner == "brand" and kind.name != "device":
            yield manner, f"{article.brand} {name}".lower(), Wish(kind, brand=article.brand)
        elif manner == "figure" and figure:
            words = [figure.lower(), name] if chance.random() < 0.5 else [name, figure.lower()]
            yield manner, " ".join(words), _of(kind, article, figures=frozenset({figure}))
        elif manner == "fits":
            said = f"{article.fits} {name}" if chance.random() < 0.6 else f"{name} for {article.fits}"
            yield "fits", said.lower(), Wish(kind, fits=article.fits)
        elif manner == "typos":
            yield manner, " ".join(_slip(word, chance) for word in name.split()), _of(kind, article)
        else:
            yield "device" if kind.name == "device" else "kind", name, _of(kind, article)


def _of(kind: Kind, article: Article, figures: frozenset[str] = frozenset()) -> Wish:
    return Wish(kind, brand=article.brand if kind.name == "device" else "", figures=figures)


def _slip(word: str, chance: random.Random) -> str:
    """A word as a hurried thumb writes it; short ones and figures as they are."""
    if len(word) < 5 or not word.isalpha():
        return word
    at = chance.randint(1, len(word) - 2)
    manner = chance.randrange(4)
    if manner == 0:
        return word[:at] + word[at + 1 :]
    if manner == 1:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if manner == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + chance.choice("aeioust") + word[at + 1 :]
