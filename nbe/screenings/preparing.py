"""What a business is asked to have ready: the list an appointment begins with. In Danish, as it is sent."""

TO_PREPARE = "\n".join(
    (
        "Elregninger for de seneste 12 måneder",
        "Varmeregninger for 12 måneder (fjernvarme, gas eller olie)",
        "Vandregninger for 12 måneder",
        "Affald: mængder og regninger for 12 måneder",
        "Brændstof til biler, trucks og maskiner",
        "De vigtigste råvarer og leverandører",
        "Liste over kemikalier med sikkerhedsdatablade",
        "Miljøgodkendelse, certifikater og tidligere energisyn, hvis I har dem",
    )
)
