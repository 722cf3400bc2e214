using System.Collections.Immutable;
using static Recommender.Cli.Demo.BookshopCalendar;
using static Recommender.Cli.Demo.BookshopSubgenre;

namespace Recommender.Cli.Demo;

/// <summary>The shelves for those who read German, French or Spanish.</summary>
internal static class BookshopLanguages
{
    public static readonly ImmutableArray<BookshopGenre> Genres =
    [
        new("German books", 2.5, 10.99, 22.99, Holidays(1.4),
        [
            Of("Romane", """
                Das Haus am {ort}|Der Sommer am {ort}|Nacht über dem {ort}|Die Frau vom {ort}|Briefe vom {ort}|{zeit} am {ort}
                ort: Moor|Kanal|Deich|Bahndamm|Waldrand|Stadttor|Kirschgarten|Nordufer|Marktplatz
                zeit: Ein Herbst|Drei Tage|Zwei Winter|Sieben Nächte|Ein letzter Abend
                """),
            Of("Krimis", """
                Mord am {ort}|Der Tote vom {ort}|Stille über dem {ort}|Die Spur zum {ort}|{wer} schweigt|{wer} kommt nicht wieder
                ort: Hafenbecken|Bergsee|Südbahnhof|Leuchtturm|Weinberg|Gutshof|Stauwehr
                wer: Die Wirtin|Der Küster|Die Apothekerin|Der Fährmann|Die Nachbarin|Der Förster
                name: Brehme|Achterkamp|Lohse|Wiesinger
                """, "Kommissarin {name}"),
        ]) { Language = "de" },
        new("French books", 2, 9.99, 21.99, Holidays(1.3),
        [
            Of("Romans", """
                La Maison de {lieu}|Les Étés de {lieu}|Une nuit à {lieu}|Le Silence de {lieu}|{saison} à {lieu}
                Les Lettres de {lieu}
                lieu: Saint-Aubrac|Port-Vieux|Villeneuve-le-Bois|Montclair|Belle-Rive|La Roche-Grise
                saison: L'Hiver|Un printemps|Septembre|La Moisson|Dimanche
                """),
        ]) { Language = "fr" },
        new("Spanish books", 2, 9.99, 20.99, Holidays(1.3),
        [
            Of("Novelas", """
                La casa de {lugar}|El invierno en {lugar}|Las cartas de {lugar}|{quien} de {lugar}|Nadie vuelve a {lugar}
                Los jardines de {lugar}
                lugar: Valdehierro|Puerto Hondo|la calle Olmo|Santa Brisa|Monteclaro|Río Seco
                quien: La costurera|El farero|La librera|El relojero|Las hermanas
                """),
        ]) { Language = "es" },
    ];
}
