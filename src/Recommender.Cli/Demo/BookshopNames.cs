using System.Collections.Immutable;

namespace Recommender.Cli.Demo;

/// <summary>Names of people who do not exist, the towns they live in and the houses that print them.</summary>
internal static class BookshopNames
{
    public static readonly ImmutableArray<string> First = Split(
        "Ada Agnes Aino Alasdair Amara Anneke Ansel Apolline Beatrix Benedikt Bruna Caspian Celestine Chidi Clemency Conrad "
        + "Cosima Dagmar Delphine Desmond Dorothea Edda Elspeth Emeka Esme Eudora Fabian Farida Felix Fenna Florian Freya Gideon "
        + "Greta Gwendolen Hamish Hanneke Hilda Ignacio Imogen Ines Isidore Jarl Jolanda Juniper Kalinda Kasimir Keziah Lambert "
        + "Leocadia Linnea Lorcan Lucinda Magnus Malachi Marguerite Matilda Nadira Niamh Noor Octavia Odile Oskar Otis Pascal "
        + "Petronella Philippa Quentin Ravi Renata Rosalind Rufus Sabine Saskia Selma Silvan Solveig Tamsin Tobias Ulla Ursula "
        + "Valentin Verity Wilhelmina Winifred Xanthe Yara Yusuf Zdenka Zelda");

    public static readonly ImmutableArray<string> Last = Split(
        "Abbershaw Achterberg Alderwick Amblecote Anstey-Brown Arrowsmythe Ballantrae Barnaveld Bexhill Blackadder-Roe Bramwick "
        + "Brinkerhof Calderbank Castellmore Chanterelle Cloudesley Coppersmith Cranmere Dalgarno Dovecote Drinkwater Dunmallet "
        + "Eckersby Ellingboe Escalada Fairweather Farthingale Fennimore Fernhollow Fontanel Gallowglass Garrabrant Goldacre "
        + "Greenhalge Gristwood Haldorsen Hallowell Harkaway Hathersage Heatherstone Hollingbourne Iglesias-Roque Inglenook "
        + "Jessamy Juniperus Kallisto Kestleton Kirkbride Lackland Larkspur Lindenmayer Loxley-Hart Mandrake Marchbanks "
        + "Meadowcroft Merriweather Mirabeau-Scott Mossgrove Nightingale-Wu Norrington Oakhanger Okonjo-Vale Oxenford Pankridge "
        + "Partridge-Bell Pemberwick Penhallow Pettigrew-Osei Quillfeather Ravenhill Redfern-Cho Rosencrane Rookwood Saltmarsh "
        + "Sandoval-Reyes Silverthorne Skarsgate Starling Stonebridge Swanwick Tamarind Thistlewood Tolliver Underhay "
        + "Valderrama-Lund Venables Wainscott Waverling Whitlock-Adeyemi Willowby Winterbourne Wrenfield Yardleigh Zimmerlich");

    public static readonly ImmutableArray<string> Towns = Split(
        "Aldermouth Bellhaven Brackwater Carrowby Dunmere Eastwold Fallowfield Greyport Hexley Ivelchester Kingsferry Lowmarsh "
        + "Millbrook Northgate");

    public static readonly ImmutableArray<string> Publishers =
    [
        "Lantern & Quay", "Blue Heron Press", "Third Floor Books", "Marrow & Pith", "Paper Orchard", "Tidewater House", "Old Kiln",
        "Saltbox Editions",
    ];

    private static ImmutableArray<string> Split(string words) => [.. words.Split(' ')];
}
