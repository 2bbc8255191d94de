"""Invented shops of four kinds, a FAQ, and what buyers would write to find things in them."""

from typing import NamedTuple

from griot.core.money import Money
from griot.knowledge.catalogue.models import Product, Variant
from griot.knowledge.catalogue.options import variants_of
from griot.knowledge.faq.models import FaqEntry

Row = tuple[str, str, str, str, str]  # code, title, category, description, options

DAKAR: list[Row] = [  # sells clothes live
    ("ROBE1", "Robe Wax Ankara", "Robes", "Robe longue, coupe évasée", "taille:S|M|L|XL;couleur:bleu|rouge"),
    ("ROBE2", "Robe de soirée satin", "Robes", "Pour les grandes cérémonies", "taille:S|M|L;couleur:noir|vert"),
    ("ROBE3", "Robe portefeuille fleurie", "Robes", "", "taille:M|L"),
    ("ROBE4", "Robe taille basse brodée", "Robes", "Tenue traditionnelle", "taille:M|L|XL"),
    ("JUPE1", "Jupe plissée longue", "Jupes", "", "taille:S|M|L;couleur:beige|noir"),
    ("CHEM1", "Chemise homme en lin", "Hommes", "Manches longues", "taille:M|L|XL;couleur:blanc|bleu marine"),
    ("BOUB1", "Boubou bazin riche", "Boubous", "Grand boubou brodé", "taille:L|XL|XXL;couleur:blanc|bleu ciel"),
    ("TSH1", "T-shirt coton col rond", "Hauts", "", "taille:S|M|L|XL;couleur:noir|blanc|gris"),
    ("JEAN1", "Jean slim taille haute", "Pantalons", "", "taille:36|38|40|42"),
    ("SAC1", "Sac à main cuir", "Sacs", "", "couleur:noir|marron"),
    ("SAC2", "Sac à dos en toile", "Sacs", "Compartiment pour ordinateur", ""),
    ("SAND1", "Sandales dorées", "Chaussures", "", "pointure:37|38|39|40"),
    ("BASK1", "Baskets blanches", "Chaussures", "", "pointure:38|39|40|41|42"),
    ("FOUL1", "Foulard en soie", "Accessoires", "", ""),
    ("COLL1", "Collier de perles", "Bijoux", "", ""),
    ("BOUC1", "Boucles d'oreilles créoles", "Bijoux", "", "couleur:doré|argenté"),
    ("PARF1", "Parfum Oud Royal 100 ml", "Beauté", "", ""),
]
LYON: list[Row] = [  # bakes
    ("GFRAISE", "Gâteau aux fraises", "Gâteaux", "Génoise, crème légère", "parts:6 parts|8 parts|12 parts"),
    ("GCHOCO", "Gâteau au chocolat", "Gâteaux", "Ganache 70 %", "parts:6 parts|8 parts|12 parts"),
    ("CROIS", "Croissant", "Viennoiseries", "Pur beurre", ""),
    ("CROISAM", "Croissant aux amandes", "Viennoiseries", "", ""),
    ("PAINCHO", "Pain au chocolat", "Viennoiseries", "", ""),
    ("BAGUET", "Baguette tradition", "Pains", "", ""),
    ("PAINCOMP", "Pain complet aux graines", "Pains", "Farine T150", ""),
    ("TARTEPOM", "Tarte aux pommes", "Tartes", "", "parts:4 parts|6 parts"),
    ("TARTECIT", "Tarte au citron meringuée", "Tartes", "", ""),
    ("ECLAIR", "Éclair au café", "Pâtisseries", "", ""),
    ("MACARON", "Coffret de 12 macarons", "Pâtisseries", "", ""),
    ("QUICHE", "Quiche lorraine", "Salé", "Lardons et crème", ""),
    ("PIECE", "Pièce montée 40 choux", "Événements", "Pour les mariages", ""),
]
TANA: list[Row] = [  # sells a bit of everything
    ("RIZ1", "Riz rouge 5 kg", "Épicerie", "", ""),
    ("RIZ2", "Riz blanc makalioka 25 kg", "Épicerie", "", ""),
    ("HUILE1", "Huile de tournesol 1 L", "Épicerie", "", ""),
    ("SUCRE1", "Sucre roux 1 kg", "Épicerie", "", ""),
    ("SAVON1", "Savon de Marseille 400 g", "Hygiène", "", ""),
    ("LESS1", "Lessive en poudre Klin 1 kg", "Entretien", "", ""),
    ("VANIL1", "Gousses de vanille Bourbon", "Épicerie", "Lot de 10 gousses", ""),
    ("CAFE1", "Café moulu 250 g", "Épicerie", "", ""),
    ("PANIER1", "Panier en raphia", "Artisanat", "Tressé à la main", "taille:petit|moyen|grand"),
    ("NAPPE1", "Nappe brodée", "Artisanat", "", "couleur:blanc|beige"),
    ("COUV1", "Couverture polaire", "Maison", "", "couleur:rouge|gris"),
    ("CASS1", "Casserole inox 20 cm", "Cuisine", "", ""),
    ("BOUGIE1", "Bougie parfumée vanille", "Maison", "", ""),
    ("CHARG1", "Chargeur rapide USB-C 20W", "Téléphonie", "", ""),
    ("ECOUT1", "Écouteurs Bluetooth", "Téléphonie", "", "couleur:noir|blanc"),
    ("CAHIER1", "Cahier 200 pages", "Scolaire", "", ""),
]
ABIDJAN: list[Row] = [  # sells to shops
    ("EAU1", "Eau minérale 1,5 L (pack de 6)", "Boissons", "", ""),
    ("BISSAP1", "Jus de bissap 33 cl", "Boissons", "Carton de 24", ""),
    ("BIERE1", "Bière blonde 65 cl", "Boissons", "Casier de 12", ""),
    ("LAIT1", "Lait en poudre 400 g", "Laiterie", "", ""),
    ("TOM1", "Concentré de tomate 70 g", "Épicerie", "", ""),
    ("PATE1", "Spaghetti 500 g", "Épicerie", "", ""),
    ("CIM1", "Ciment 50 kg", "Matériaux", "", ""),
    ("PEINT1", "Peinture acrylique 20 L", "Matériaux", "", "couleur:blanc|jaune|vert"),
    ("COUCHE1", "Couches bébé", "Bébé", "", "taille:S|M|L"),
    ("PAGNE1", "Pagne wax 6 yards", "Textile", "", ""),
    ("KARITE1", "Beurre de karité 1 kg", "Cosmétique", "", ""),
    ("MECHE1", "Mèches brésiliennes 18 pouces", "Cosmétique", "", "couleur:noir|châtain"),
    ("TEL1", "Smartphone Tecno Spark 10", "Téléphonie", "", "mémoire:64 Go|128 Go"),
    ("TEL2", "Smartphone Tecno Spark 20", "Téléphonie", "", "mémoire:128 Go|256 Go"),
]

FAQ: list[tuple[str, str, str]] = [
    ("livraison", "Livrez-vous à domicile ?", "Oui, en ville et en banlieue, par coursier."),
    ("frais", "Combien coûte la livraison ?", "2 000 F en ville, 3 500 F en banlieue, gratuite dès 50 000 F."),
    ("delai", "Quels sont vos délais de livraison ?", "24 h en ville, 48 h en banlieue."),
    ("etranger", "Livrez-vous à l'étranger ?", "Oui, par DHL, devis selon le poids."),
    ("retrait", "Puis-je retirer ma commande en boutique ?", "Oui, dès qu'elle est prête."),
    ("horaires", "Quels sont vos horaires d'ouverture ?", "Du lundi au samedi de 9 h à 19 h."),
    ("adresse", "Où se trouve la boutique ?", "Derrière le grand marché, allée 4."),
    ("paiement", "Quels moyens de paiement acceptez-vous ?", "Mobile money et carte bancaire."),
    ("acalivraison", "Peut-on payer à la livraison ?", "Oui, en espèces au livreur, en ville."),
    ("plusieursfois", "Peut-on payer en plusieurs fois ?", "Oui, en deux fois à partir de 50 000 F."),
    ("acompte", "Demandez-vous un acompte ?", "30 % pour les commandes spéciales."),
    ("retour", "Puis-je échanger ou retourner un article ?", "Sous 7 jours, avec son étiquette."),
    ("rembours", "Comment se passe un remboursement ?", "Sur le moyen de paiement utilisé, en 5 jours."),
    ("garantie", "Vos appareils sont-ils garantis ?", "Un an, pièces et main-d'œuvre."),
    ("tailles", "Comment choisir ma taille ?", "Un guide des tailles accompagne chaque article."),
    ("allergenes", "Vos produits contiennent-ils des allergènes ?", "Gluten, œufs, lait et fruits à coque."),
    ("halal", "Vos produits sont-ils halal ?", "Oui, certifiés."),
    ("minimum", "Y a-t-il un minimum de commande ?", "10 pièces par référence."),
    ("gros", "Faites-vous des prix de gros ?", "Moins 10 % dès 20 pièces."),
    ("surmesure", "Faites-vous des articles personnalisés ?", "Oui, prénom ou logo, sous une semaine."),
    ("avance", "Combien de temps à l'avance faut-il commander ?", "48 heures pour les grandes pièces."),
    ("facture", "Fournissez-vous une facture ?", "Oui, avec chaque commande."),
    ("cadeau", "Proposez-vous un emballage cadeau ?", "Oui, 1 000 F."),
    ("lavage", "Comment laver vos tissus ?", "À 30 degrés, à l'envers."),
    ("emploi", "Recrutez-vous ?", "Envoyez votre CV à la boutique."),
]


class Query(NamedTuple):
    kind: str
    words: str
    wanted: tuple[str, ...]  # any of them is right


def _queries(kind: str, lines: str) -> list[Query]:
    pairs = (line.split("->") for line in lines.strip().splitlines())
    return [Query(kind, words.strip(), tuple(wanted.split())) for words, wanted in pairs]


PRODUCT_QUERIES = [
    *_queries(
        "clean",
        """
        robe wax -> ROBE1
        je voudrais la robe de soirée svp -> ROBE2
        vous avez encore le boubou bazin ? -> BOUB1
        sac à dos -> SAC2
        croissant -> CROIS
        un croissant aux amandes -> CROISAM
        gâteau aux fraises pour samedi -> GFRAISE
        tarte citron -> TARTECIT
        riz rouge -> RIZ1
        riz 25 kg -> RIZ2
        chargeur -> CHARG1
        écouteurs noirs -> ECOUT1
        tecno spark 20 -> TEL2
        peinture blanche -> PEINT1
        pagne wax 6 yards -> PAGNE1
        couches taille M -> COUCHE1
        """,
    ),
    *_queries(
        "typo",
        """
        rob wacks -> ROBE1
        chemize homme -> CHEM1
        sac a min cuire -> SAC1
        sandal doree -> SAND1
        baskette blanche -> BASK1
        boubou bazain -> BOUB1
        bouc doreille -> BOUC1
        gatau chocola -> GCHOCO
        gato o fraiz -> GFRAISE
        crwasan -> CROIS CROISAM
        bagette -> BAGUET
        tarte o pome -> TARTEPOM
        macaron cofret -> MACARON
        savoon -> SAVON1
        lesive -> LESS1
        vanil gousse -> VANIL1
        kasserole -> CASS1
        chargeure usb -> CHARG1
        simen -> CIM1
        spagheti -> PATE1
        meche bresilienes -> MECHE1
        ber de karité -> KARITE1
        """,
    ),
    *_queries(
        "synonym",
        """
        quelque chose pour porter mon ordi -> SAC2
        sneakers -> BASK1
        chaussures de sport -> BASK1
        un truc pour mes cheveux -> MECHE1
        pantalon en denim -> JEAN1
        tenue pour une soirée de gala -> ROBE2
        châle -> FOUL1
        créoles -> BOUC1
        eau de toilette -> PARF1
        chocolatine -> PAINCHO
        gâteau de mariage -> PIECE
        de quoi laver mon linge -> LESS1
        plaid bien chaud -> COUV1
        téléphone portable -> TEL1 TEL2
        pâtes -> PATE1
        soda local à l'hibiscus -> BISSAP1
        pampers -> COUCHE1
        marmite -> CASS1
        de quoi écouter de la musique -> ECOUT1
        corbeille tressée -> PANIER1
        chandelle -> BOUGIE1
        maillot de corps -> TSH1
        """,
    ),
    *_queries(
        "english",
        """
        evening dress -> ROBE2
        do you have the ankara dress in blue? -> ROBE1
        backpack -> SAC2
        leather handbag -> SAC1
        white sneakers -> BASK1
        silk scarf -> FOUL1
        earrings -> BOUC1
        strawberry cake -> GFRAISE
        chocolate cake for 8 -> GCHOCO
        apple pie -> TARTEPOM
        wholemeal bread -> PAINCOMP
        wedding cake -> PIECE
        brown sugar -> SUCRE1
        soap -> SAVON1
        blanket -> COUV1
        saucepan -> CASS1
        notebook -> CAHIER1
        shea butter -> KARITE1
        beer -> BIERE1
        cement -> CIM1
        """,
    ),
    *_queries(
        "malagasy",
        """
        akanjo lava ve misy? -> ROBE1 ROBE2 ROBE3 ROBE4
        zipo -> JUPE1
        lobaka lehilahy fotsy -> CHEM1
        kiraro baskety -> BASK1
        kapa -> SAND1
        kitapo babena -> SAC2
        kavina -> BOUC1
        rojo -> COLL1
        ranomanitra -> PARF1
        mofomamy frezy -> GFRAISE
        gato sôkôla -> GCHOCO
        mofo misy sôkôla -> PAINCHO GCHOCO
        vary mena -> RIZ1
        menaka fihinana -> HUILE1
        siramamy -> SUCRE1
        savony -> SAVON1
        vovo-tsavony -> LESS1
        lavanila -> VANIL1 BOUGIE1
        kafe -> CAFE1
        harona rafia -> PANIER1
        bodofotsy mena -> COUV1
        vilany -> CASS1
        labozia -> BOUGIE1
        kahie -> CAHIER1
        finday -> TEL1 TEL2
        labiera -> BIERE1
        ronono vovoka -> LAIT1
        simenitra -> CIM1
        loko maitso -> PEINT1
        lambahoany -> PAGNE1
        """,
    ),
    *_queries(
        "wolof, nouchi",
        """
        damay begg robb bu xonk -> ROBE1
        dall yu weex -> BASK1
        saak -> SAC1 SAC2
        mbubb -> BOUB1
        musoor -> FOUL1
        saabu -> SAVON1
        ceeb -> RIZ1 RIZ2
        suukar -> SUCRE1
        diwlin -> HUILE1
        samara doré -> SAND1
        """,
    ),
]

FAQ_QUERIES = [
    *_queries(
        "french",
        """
        vous livrez à la maison ? -> livraison
        c'est combien la livraison pour la banlieue -> frais
        je reçois ma commande en combien de jours ? -> delai
        vous envoyez en France ? -> etranger
        je peux passer récupérer au magasin ? -> retrait
        vous fermez à quelle heure -> horaires
        c'est où votre boutique -> adresse
        vous acceptez wave ? -> paiement
        je peux payer quand je reçois le colis ? -> acalivraison
        possible de payer en 3 fois ? -> plusieursfois
        faut-il verser une avance -> acompte
        si ça ne me va pas je peux rendre ? -> retour
        vous remboursez comment -> rembours
        et si l'appareil tombe en panne ? -> garantie
        je fais du combien d'habitude 40, quelle taille prendre -> tailles
        y a des noix dedans ? je suis allergique -> allergenes
        quelle quantité minimum faut commander -> minimum
        vous avez un tarif revendeur ? -> gros
        pouvez-vous broder un prénom -> surmesure
        je dois m'y prendre combien de temps à l'avance -> avance
        j'ai besoin d'une facture pour mon entreprise -> facture
        c'est pour offrir, vous faites des paquets cadeaux -> cadeau
        ça se lave en machine ? -> lavage
        """,
    ),
    *_queries(
        "sms",
        """
        vs livré a domicil -> livraison
        kombien la livrezon -> frais
        vs etes ouver dimanche ? -> horaires
        vs ete ou -> adresse
        on pe payé par orange money ? -> paiement
        jpeu echangé si c pa ma taille -> retour tailles
        c halal ? -> halal
        """,
    ),
    *_queries(
        "english",
        """
        do you deliver? -> livraison
        how much is shipping -> frais
        how long does delivery take -> delai
        what time do you open -> horaires
        where is your shop -> adresse
        can I pay by card -> paiement
        cash on delivery? -> acalivraison
        can I return it if it doesn't fit -> retour
        do you have a warranty -> garantie
        any nuts in it? I'm allergic -> allergenes
        what is the minimum order -> minimum
        wholesale prices? -> gros
        can you gift wrap it -> cadeau
        """,
    ),
    *_queries(
        "malagasy",
        """
        manatitra entana ve ianareo? -> livraison
        ohatrinona ny saram-panaterana -> frais
        amin'ny firy ianareo no misokatra -> horaires
        aiza no misy anareo -> adresse
        azo aloa amin'ny mvola ve -> paiement
        azo aloa rehefa tonga ve -> acalivraison
        azo aloa tsikelikely ve -> plusieursfois
        azo soloina ve raha tsy mety amiko -> retour
        misy antoka ve -> garantie
        misy vidiny ambongadiny ve -> gros
        mila faktiora aho -> facture
        """,
    ),
]

# What names nothing and asks nothing of the FAQ.
SMALL_TALK = (
    """
bonjour|merci beaucoup|c'est combien svp|je veux|ok|salut ça va ?|vous avez quoi|je prends|oui|non merci
d'accord à demain
hello how are you|thanks a lot|how much|misaotra betsaka|salama tompoko|ohatrinona|tsia misaotra|jërëjëf|bjr svp
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


def catalogue(rows: list[Row]) -> dict[str, Product]:
    products: dict[str, Product] = {}
    variant_id = 0
    for number, (code, title, category, description, options) in enumerate(rows, 1):
        price = Money(5_000, "XOF")
        variants = []
        for chosen, _ in variants_of(options or None, 1):
            variant_id += 1
            variants.append(Variant(variant_id, number, chosen, price))
        products[code] = Product(number, code, title, description, category, price, None, 2, tuple(variants))
    return products


def questions(rows: list[tuple[str, str, str]] = FAQ) -> dict[str, FaqEntry]:
    return {
        key: FaqEntry(number, key, question, answer, "fr") for number, (key, question, answer) in enumerate(rows, 1)
    }
