"""The few words of each language that tell what a mention of a country or a language means.

Editors' lists say what things are called; these say who is spoken of. They are grammar, not
content: a language without an entry is read with more caution, never wrongly.
"""

from typing import NamedTuple


class Grammar(NamedTuple):
    """Words in their normal form; several-word entries are split at spaces by the reader."""

    am: tuple[str, ...] = ()
    """ "I am", "we are": before a nationality, an age or what one is."""
    place: frozenset[str] = frozenset()
    """Prepositions of a place: "in Italy"."""
    origin: frozenset[str] = frozenset()
    """Prepositions of an origin: "from Italy"; a marker that ends in one says less than "live in"."""
    here: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    """People and things whose country is not the writer's: "he", "a friend", "the site"."""
    speak: frozenset[str] = frozenset()
    """Words around a wish for a language: "can you speak"."""
    never: frozenset[str] = frozenset()
    """Negations."""
    polite: frozenset[str] = frozenset()
    """Words that add nothing to "I'm in Italy" or "in English"."""
    ages: tuple[str, ...] = ()
    """Ways to give one's age, # for the number."""
    adult: frozenset[str] = frozenset()
    """What a grown-up calls herself when asked who is writing."""
    minor: frozenset[str] = frozenset()
    own: tuple[str, ...] = ()
    """Ways in which a parent speaks of a child by its age, # for the number."""
    possessive: str = ""
    """What "my son" ends in in "my son's dad", without its apostrophe."""
    elided: tuple[str, ...] = ()
    """What melts into the next word: "dall'Italia"."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


GRAMMAR: dict[str, Grammar] = {
    "en": Grammar(
        am=("im", "i am", "i m", "we are", "were"),
        place=_set("in at near"),
        origin=_set("from of"),
        here=_set("here"),
        others=_set(
            "he hes she shes they theyre his her their him them man men woman guy guys someone "
            "somebody person people friend friends boy boys girl girls bf gf boyfriend girlfriend "
            "ex crush cousin uncle aunt stranger lives live site website server hosted company holiday "
            "holidays vacation trip travel tourist born kids children"
        ),
        speak=_set("speak speaking talk write answer reply respond switch change translate language"),
        never=_set("not dont doesnt cant no never"),
        polite=_set(
            "you hi hello hey ok okay yes yeah please pls plz thanks thank now btw actually so well "
            "currently say have do can could would i we only prefer want this it to in understand"
        ),
        ages=(
            "im #",
            "i am #",
            "i m #",
            "im a #",
            "i am a #",
            "im only #",
            "i am only #",
            "im just #",
            "aged #",
        ),
        own=(
            "my # year old",
            "my # yr old",
            "my # yo",
            "my # y o",
            "our # year old",
            "our # yr old",
            "our # yo",
            "my # month old",
            "ds #",
            "dd #",
            "dd is #",
            "ds is #",
            "dss #",
            "dsd #",
            "mother of a #",
            "dad of a #",
            "mum of a #",
            "mom of a #",
        ),
        adult=_set(
            "parent parents mum mom mother mam dad father teacher grandma grandmother grandad "
            "grandfather grandparent guardian carer adult"
        ),
        minor=_set("boy girl child kid teen teenager minor pupil student"),
        possessive="s",
    ),
    "it": Grammar(
        am=("sono", "siamo"),
        place=_set("in a ad nel nella nei negli nelle"),
        origin=_set("di da dal dalla del della dai dagli dall"),
        here=_set("qui qua"),
        others=_set(
            "lui lei loro gli uomo uomini donna tizio tipo tipa qualcuno persona gente amico amica "
            "amici ragazzo ragazza fidanzato fidanzata ex cugino cugina zio zia sconosciuto vive "
            "abita sito server azienda vacanza viaggio turista turisti nato nata bambini minori uno "
            "una"
        ),
        speak=_set(
            "parla parli parlare parlate parlo parliamo scrivi scrivere scrivimi rispondi "
            "rispondere rispondimi cambia cambiare traduci lingua"
        ),
        never=_set("non no mai"),
        polite=_set(
            "si ciao salve ok per favore grazie adesso ora comunque io noi puoi potete potresti in "
            "solo preferisco vorrei voglio"
        ),
        ages=("ho # anni", "ho #", "ho solo # anni"),
        own=("mio # enne", "mia # enne", "nostro # enne", "nostra # enne"),
        adult=_set(
            "genitore genitori mamma papa madre padre nonna nonno insegnante prof maestra maestro "
            "docente adulto adulta"
        ),
        minor=_set(
            "ragazzo ragazza bambino bambina ragazzino ragazzina minorenne minore studente "
            "studentessa alunno alunna"
        ),
        elided=("dall", "nell", "dell", "all", "sull", "l", "d"),
    ),
    "fr": Grammar(
        am=("je suis", "on est", "nous sommes", "chui", "jsuis"),
        place=_set("en au aux a dans"),
        origin=_set("de du des d"),
        here=_set("ici"),
        others=_set(
            "il elle ils elles lui leur homme femme mec type gars quelquun personne gens ami amie "
            "amis pote copain copine garcon fille ex cousin cousine oncle tante inconnu habite vit "
            "site serveur heberge entreprise vacances voyage touriste touristes ne nee enfants "
            "mineurs"
        ),
        speak=_set(
            "parle parles parlez parler parlons ecris ecrire ecrivez reponds repondre repondez "
            "change changer traduis langue"
        ),
        never=_set("ne pas non jamais"),
        polite=_set(
            "vous salut bonjour coucou ok oui svp stp sil te plait merci la maintenant moi peux "
            "pouvez tu en le seulement prefere veux voudrais je"
        ),
        ages=(
            "jai # ans",
            "j ai # ans",
            "g # ans",
            "jai #",
            "j ai #",
            "jai que # ans",
            "age de # ans",
            "agee de # ans",
        ),
        adult=_set(
            "parent parents maman papa mere pere prof professeur enseignant enseignante grandmere "
            "adulte mamie papi"
        ),
        minor=_set("garcon fille enfant ado adolescent adolescente mineur mineure eleve gamin gamine"),
        elided=("l", "d"),
    ),
    "es": Grammar(
        am=("soy", "somos"),
        place=_set("en"),
        origin=_set("de del desde"),
        here=_set("aqui aca"),
        others=_set(
            "el ella ellos ellas le les hombre mujer tipo tio alguien persona gente amigo amiga "
            "amigos chico chica muchacho novio novia ex primo prima desconocido vive viven sitio "
            "pagina web servidor empresa vacaciones viaje turista turistas nacio ninos ninas "
            "menores"
        ),
        speak=_set(
            "habla hablas hablar hablo hablais hablame escribe escribir escribeme responde "
            "responder respondeme contesta cambia cambiar traduce idioma"
        ),
        never=_set("no nunca ni"),
        polite=_set(
            "hola ok si por favor porfa gracias ahora yo nosotros puedes podes puede podeis en solo "
            "prefiero quiero quisiera al lo se"
        ),
        ages=("tengo # anos", "tengo #", "tengo # anitos", "de # anos tengo"),
        adult=_set(
            "padre madre mama papa padres profesor profesora profe maestro maestra abuela abuelo "
            "adulto adulta tutor"
        ),
        minor=_set("chico chica nino nina adolescente menor alumno alumna estudiante"),
    ),
    "de": Grammar(
        am=("ich bin", "bin", "wir sind"),
        place=_set("in im"),
        origin=_set("aus von"),
        here=_set("hier"),
        others=_set(
            "er sie ihm ihr ihn seine mann manner frau typ jemand person leute freund freundin "
            "freunde junge madchen ex cousin cousine onkel tante fremder wohnt lebt seite webseite "
            "website server firma urlaub reise tourist touristen geboren kinder kindern"
        ),
        speak=_set(
            "sprich sprichst spreche sprechen sprecht rede reden schreib schreibe schreiben "
            "antworte antworten antwort wechsel wechseln ubersetze sprache"
        ),
        never=_set("nicht kein keine nein nie"),
        polite=_set(
            "bitte hallo hi hey ok ja danke jetzt grade gerade kannst konnen konnt du sie auf nur "
            "lieber mochte will ich wir"
        ),
        ages=("ich bin #", "bin #", "ich bin erst #", "bin erst #", "ich bin # jahre", "bin n # jahriges"),
        own=(
            "mein # jahriger",
            "meine # jahrige",
            "unser # jahriger",
            "unsere # jahrige",
            "meinem # jahrigen",
            "meiner # jahrigen",
            "meinen # jahrigen",
        ),
        adult=_set(
            "elternteil eltern mutter mama vater papa lehrer lehrerin oma opa erwachsen erwachsener "
            "erwachsene mutti vati"
        ),
        minor=_set("junge madchen kind teenager jugendlicher jugendliche schuler schulerin teenie"),
    ),
    "nl": Grammar(
        am=("ik ben", "ben", "wij zijn", "we zijn"),
        place=_set("in te"),
        origin=_set("uit van"),
        here=_set("hier"),
        others=_set(
            "hij zij ze hem haar hun man mannen vrouw gast iemand persoon mensen vriend vriendin "
            "vrienden jongen meisje ex neef nicht oom tante vreemde woont leeft site website server "
            "bedrijf vakantie reis toerist toeristen geboren kinderen"
        ),
        speak=_set(
            "spreek spreekt spreken praat praten schrijf schrijven antwoord antwoorden wissel "
            "verander vertaal taal"
        ),
        never=_set("niet geen nee nooit"),
        polite=_set(
            "graag hallo hoi hey ok ja alsjeblieft alstublieft aub bedankt nu ff kan kun kunt "
            "kunnen je u jij jullie in het alleen liever wil ik wij we"
        ),
        ages=("ik ben #", "ben #", "ik ben pas #", "ben pas #", "ik ben nog maar #", "ik ben # jaar"),
        own=("mijn # jarige", "onze # jarige"),
        adult=_set(
            "ouder ouders moeder mama mam vader papa pap leraar lerares juf meester oma opa docent "
            "volwassene volwassen"
        ),
        minor=_set("jongen meisje kind tiener puber minderjarig minderjarige leerling scholier"),
    ),
    "pt": Grammar(
        am=("sou", "somos", "eu sou"),
        place=_set("em no na nos nas"),
        origin=_set("de do da dos das"),
        here=_set("aqui ca"),
        others=_set(
            "ele ela eles elas dele dela lhe homem mulher cara tipo gajo alguem pessoa gente amigo "
            "amiga amigos garoto garota rapaz rapariga menino menina namorado namorada ex primo "
            "prima tio tia desconhecido mora vive site servidor empresa ferias viagem turista "
            "turistas nasceu criancas menores"
        ),
        speak=_set(
            "fala falas falar falo escreve escrever responde responder muda mudar traduz lingua idioma"
        ),
        never=_set("nao nunca nem"),
        polite=_set(
            "eu nos ola oi ok sim por favor pfv obrigado obrigada agora pode podes podem voce tu em "
            "so apenas prefiro quero queria se"
        ),
        ages=("tenho # anos", "tenho #", "eu tenho #", "tenho so # anos"),
        adult=_set(
            "pai mae pais professor professora avo adulto adulta encarregado encarregada "
            "responsavel educador educadora"
        ),
        minor=_set("menino menina crianca adolescente menor miudo miuda aluno aluna estudante"),
    ),
    "ar": Grammar(
        am=("انا", "نحن", "احنا", "اني", "حنا", "نحنا"),
        place=_set("في ف ب"),
        origin=_set("من"),
        here=_set("هنا هون هنه"),
        others=_set(
            "هو هي هم رجل شخص واحد ناس صديق صديقي صديقتي صاحبي صاحبتي ولد بنت شاب غريب ساكن عايش "
            "يعيش تعيش يسكن يعيشون ساكنه عايشه ساكنين مولود موقع الموقع سيرفر السيرفر شركه الشركه سفر سياحه "
            "سايح السايح مسافر خالي عمي عمتي خالتي جدتي خطيبي حبيبي حبيبتي الشخص الرجل رجال الرجال راجل "
            "الراجل الولد البنت الشاب شب الشب الشابه احد حد حدا واحده الناس جماعه الغريب غريبه طفل الطفل "
            "الطفله اطفال الاطفال اولاد بنات عيال المبتز مبتز المتهم الجاني المجرم المشتبه المعتدي المتحرش "
            "متحرش نصاب النصاب المهدد اللي صديقه صديقته صاحب صحبتي رفيقي رفيقتي زميلي زميلتي ابوي ابويا "
            "بابا امي ماما اخوي اخويا اختي ابني بنتي زوجي جوزي طليقي طليقتي"
        ),
        speak=_set(
            "تكلم تتكلم تكلمي اتكلم نتكلم بتتكلم تحدث تتحدث كلمني كلموني احكي تحكي بتحكي نحكي تحچي تحجي احچي "
            "هضر نهضر كتهضر تهدر اكتب تكتب جاوب جاوبني رد ترجم نكمل كمل غير بدل رجعها خلينا لغه اللغه"
        ),
        never=_set("لا ما مش مو ليس لم"),
        polite=_set(
            "من مرحبا سلام السلام عليكم اهلا نعم لو سمحت سمحتي فضلك شكرا الان دلوقتي هسا ممكن هل "
            "تقدر تعرف اريد عايز ابغي بدي فقط بس بال ب"
        ),
        ages=(
            "عمري #",
            "انا عمري #",
            "عندي # سنه",
            "عندي # سنين",
            "عندي #",
            "انا # سنه",
            "اني #",
            "سني #",
        ),
        own=("ابني عمره #", "بنتي عمرها #", "ولدي عمره #"),
        adult=_set("ام اب والد والده ولي معلم معلمه مدرس مدرسه جده بالغ"),
        minor=_set("ولد بنت طفل طفله مراهق مراهقه قاصر طالب طالبه تلميذ تلميذه"),
        elided=("ب", "ل", "و"),
    ),
}

UNITS = _set(
    "min mins minute minutes minuti minuten minutos h hr hrs hour hours ore heures horas "
    "stunden uur percent km m kg cm am pm o euro euros dollars pounds weeks week days day "
    "months month weeken wochen tage dagen mesi mois meses giorni jours dias settimane "
    "semaines semanas followers likes times volte fois veces mal keer vezes grade grado th "
    "level lvl euri dollari"
)
"""After a number, these mean that it is no age ("i am 5 minutes late"); "years old" is looked at before."""

FIRST_NAMES = _set(
    "georgia jordan chad turkey paris florence milan sofia sydney austin charlotte "
    "phoenix victoria santiago leon merida siena asti lima kenya chelsea adelaide "
    "israel india"
)
"""Names that are first names or everyday words too: alone they need a marker ("I live in Jordan")."""

WORDLIKE = _set(
    "nice reading bath man cork derby split orange tours lens essen hull sale como alba "
    "prato merida jersey niger togo oman"
)
"""Names that read as other words even after "in"."""

FIRST_PERSON = _set("i im we io noi je j jsuis nous moi yo nosotros ich wir ik wij eu nos انا نحن احنا")
"""Between another person and a claim, these show that the claim is the writer's own."""

SIBLINGS = _set(
    "brother brothers sister sisters bro sis lil fratello sorella frere soeur hermano "
    "hermana bruder schwester broer zus irmao irma اخ اخت اخوي اختي"
)
"""After "my 12 year old", these mean that no parent writes."""

YEARS = _set("yo y o years year yrs yr old anni ans anos jahre jahr jaar سنه سنين سنوات عام")

DWELLING = _set(
    "living based staying viviendo residentes vivendo residenti vivant habitant installes "
    "wohnhaft lebend wonend woonachtig vivendo morando عايشين ساكنين مقيمين عايش ساكن مقيم"
)
"""Between a nationality and a place, these keep them together: "Syrians living in Berlin"."""

ALL_SPEAK = frozenset().union(*(one.speak for one in GRAMMAR.values()))
ALL_POLITE = frozenset().union(*(one.polite for one in GRAMMAR.values()))
