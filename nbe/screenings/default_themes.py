"""The twelve themes that a programme's first screening begins with; written to be read in a factory hall."""

from __future__ import annotations

# code, title, hint
TWELVE: tuple[tuple[str, str, str], ...] = (
    (
        "energy",
        "Energi",
        "El, varme, køling, trykluft, ventilation og lys. Se efter motorer, der kører i pauser, utætte trykluftrør, "
        "gamle kedler og overskudsvarme, der lukkes ud. Spørg efter forbruget time for time og efter tomgangsforbruget "
        "om natten.",
    ),
    (
        "water",
        "Vand",
        "Hvor bruges vandet: proces, rengøring, køling, sanitet? Se efter løbende haner, slanger uden pistol og vand, "
        "der bruges én gang. Spørg, om skyllevand eller regnvand kan bruges igen, og hvad der ledes til kloakken.",
    ),
    (
        "waste",
        "Affald og genanvendelse",
        "Se i containerne. Hvad sorteres, hvad ender som brændbart, og hvad koster det? Spørg efter affaldsmængder og "
        "regninger for 12 måneder, og om spild kan undgås, sælges eller gå tilbage i produktionen.",
    ),
    (
        "materials",
        "Råvarer og materialer",
        "Hvor meget råvare bliver til vare, og hvor meget til spild? Se efter fraskær, kassation, overproduktion og "
        "emballage. Spørg, om materialer kan erstattes af genbrugte eller fornybare.",
    ),
    (
        "chemicals",
        "Kemi",
        "Bed om listen over kemikalier. Se efter stoffer, der kan undværes eller erstattes, efter opbevaring, "
        "spildbakker og sikkerhedsdatablade. Spørg til rengøringsmidler, maling, olie og opløsningsmidler.",
    ),
    (
        "transport",
        "Transport og mobilitet",
        "Egne biler og trucks, varer ind og ud, medarbejdernes kørsel. Spørg efter brændstof og kilometer, om bilerne "
        "kører fyldte begge veje, om ruter kan samles, og om der er ladestandere.",
    ),
    (
        "procurement",
        "Indkøb og leverandører",
        "Stilles der krav til leverandørerne, og hvem bestemmer? Spørg til de fem største indkøb, til mærker og "
        "certifikater, til lokale leverandører og til, hvad kunderne selv begynder at spørge om.",
    ),
    (
        "design",
        "Produkt, design og levetid",
        "Kan varen repareres, skilles ad, opgraderes eller tages tilbage? Spørg til reklamationer, reservedele og "
        "levetid, og om en ydelse kan sælges i stedet for en ting.",
    ),
    (
        "work_environment",
        "Arbejdsmiljø og trivsel",
        "Støj, støv, tunge løft, lys og temperatur i hallen. Spørg til sygefravær, ulykker og APV, og hvordan "
        "medarbejdernes forslag bliver hørt.",
    ),
    (
        "community",
        "Socialt ansvar og lokalsamfund",
        "Lærlinge, praktikanter, fleksjob og seniorer. Spørg til naboer, foreninger og skoler, til lige vilkår og til, "
        "hvad virksomheden er stolt af.",
    ),
    (
        "management",
        "Ledelse, politik og dokumentation",
        "Er der mål, en ansvarlig og tal, der følges op på? Spørg efter politikker, miljøgodkendelse, certifikater og "
        "grønt regnskab, og hvem der får besked, når noget afviger.",
    ),
    (
        "symbiosis",
        "Symbiose og netværk",
        "Hvad har virksomheden for meget af, som en nabo kunne bruge: varme, vand, træ, plast, plads, maskintimer? "
        "Spørg, hvem de kender i området, og om de vil vise deres løsninger frem for andre.",
    ),
)
