"""Which language a reply is in: French, Malagasy or English, by the small words that each of them cannot do without."""

import re
from collections.abc import Iterable

from griot.evals.facts import fold

_WORDS = {
    "fr": """
        le la les un une des du de et est sont tu te toi ton ta tes vous votre vos je j ai as a on nous notre il
        elle ce cet cette ces c qui que quoi qu quand combien ou pour par pas plus ne n y en dans avec sans sur sous
        chez mais bien merci bonjour bonsoir salut voici voila ici oui non d l s m se si au aux dispo disponible
        disponibles stock commande commandes reserve reservee reserver envoie envoyer paie payer paiement prix
        choisis choisir quelle quel quels quelles veux voulez peux pouvez suis reste encore tout toute tous rien
        deja livraison livre vendeur article articles previens prevenu dis repond reponse plaisir desole bienvenue
        compris depuis attente payee payees paye payes aucun aucune autre autres comme donc alors aussi avant apres
        cela ca chaque comment deux trois dernier derniere donne entre faire fait faut jusque jour jours maintenant
        meme mon ma mes moins nom nouveau nouvelle parle pense personne peut possible pouvoir premier prends prendre
        sera soit son sa ses telle toujours trop vers veut jamais quelque autant adresse heure heures demain aujourd
        hui lundi mardi mercredi jeudi vendredi samedi dimanche
    """,
    "mg": """
        te hiresaka ny ary sy fa dia izany izao ity io ireo amin amina ho an anao aho ianao izahay isika izy ve moa
        tsy efa mbola misy tsia eny azafady misaotra salama manao ahoana inona iza aiza firy ohatrinona vidin vidiny
        sary vola entana tokony afaka mila mandefa alefaso ampio baiko kaomandy fandoavana aloavy mandoa tahiry sisa
        tavela iray roa telo isan eto ato aty anay anareo azo angatahana fanampiana valiny valio mpivarotra
        mandritra rehefa raha na noho tonga soa veloma tapaka vita voatahiry natao nataonao nahazo mahazo ilaina
        safidio fidio ianareo amiko aminao aminay ianaona fotoana andro omaly rahampitso anio sabotsy alahady be no
        indrindra mpividy vaovao rehetra hafa ora minitra lany laharana tsara aloha indray mangataha adiresy omeo
        lazao handoa voaloa vidio mividy mifidy toerana fanaterana ampy tena mahita hita toy satria nefa anisan
        ireto ilay iny amboary manampy mpanjifa mba hanana hananana manontany valiana alatsinainy talata alarobia
        alakamisy zoma asabotsy noraisina alaina raisina nesorina soloina miova novaina atao tokana azoko azonao afa
        ambony
    """,
    "en": """
        purchase purchases problem answer answers shop question sure the a an and is are you your yours i me my we
        our it this that these those who what which when how many much for by not no yes with without on in at to of
        from but thanks thank hello hi hey here there please pay order orders reserved hold held stock left
        available choose want would can could do does did will just still all any nothing delivery seller price paid
        payment link sorry welcome got let know us be been have has or never share about anything other others sold
        out more only so as if then now again back new take tell day days today tomorrow monday tuesday wednesday
        thursday friday saturday sunday was were he she his her they them their s m don t where why than too very
        also each between into over after before while because first last same next until
    """,
}
_SETS = {language: frozenset(text.split()) for language, text in _WORDS.items()}
# Written alike in two languages, or names of things in any: they tell nothing.
_SILENT = frozenset(
    {"a", "stock", "i", "on", "article", "articles", "me", "an", "en", "is", "t", "total", "ok", "ar", "f"}
)
_LINK = re.compile(r"\S+://\S+|www\.\S+|\S+@\S+")
_CODE = re.compile(r"#?\b[A-Z]+[-_ ]?\d[\w-]*")
_MALAGASY = re.compile(r"\b(?:m[aiou](?:n|m|h)?|f[aio]n?|voa|tafa|ana)\w+(?:na|ana|ina|tra|ka|ny|ao|nao|ko)\b")


def detect(text: str, leave_out: Iterable[str] = ()) -> str | None:
    """``fr``, ``mg``, ``en``, or None when the words do not tell.

    ``leave_out``: titles, names and the like, which are not the reply's own words. Links and codes never count.
    """
    text = _CODE.sub(" ", _LINK.sub(" ", text))
    plain = fold(text)
    for name in sorted({fold(item) for item in leave_out if len(item.strip()) > 1}, key=len, reverse=True):
        plain = re.sub(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", " ", plain)
    counts = dict.fromkeys(_SETS, 0.0)
    for word in re.findall(r"[^\W\d_]+", plain):
        if word in _SILENT:
            continue
        languages = [language for language, known in _SETS.items() if word in known]
        for language in languages:
            counts[language] += 1 / len(languages)
    counts["mg"] += 0.5 * len(_MALAGASY.findall(plain))
    first, second = sorted(counts, key=lambda language: -counts[language])[:2]
    return first if counts[first] > counts[second] else None
