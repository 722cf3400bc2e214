using System.Collections.Immutable;
using static Recommender.Cli.Demo.BookshopCalendar;
using static Recommender.Cli.Demo.BookshopSubgenre;

namespace Recommender.Cli.Demo;

/// <summary>Novels of this world: crime, thrillers, love, history, families, jokes. All names are made up.</summary>
internal static class BookshopFiction
{
    public static readonly ImmutableArray<BookshopGenre> Genres =
    [
        new("Crime", 11, 8.99, 16.99, Holidays(1.3),
        [
            Of("Village mysteries", """
                Death at the {scene}|The {scene} Murder|A Corpse for the {who}|Murder Before the {scene}|The {who} Who Knew Too Much
                One Body Too Many at the {scene}|Poison at the {scene}
                scene: Flower Show|Bell Tower|Village Fete|Tea Room|Parish Council|Regatta|Choir Practice|Marrow Competition
                scene: Cricket Pavilion|Harvest Supper|Book Club|Vicarage|Apple Fair|Jumble Sale
                who: Vicar|Postmistress|Beekeeper|Organist|Verger|Schoolmaster|Retired Major|District Nurse|Lady Gardener|Milkman
                name: Little Thornby|Nether Wick|Upper Sallow|Marsh Hanley|St Wilfrid's Green|Coldharbour End
                """, "The {name} Mysteries"),
            Of("Police procedurals", """
                The {place} File|Cold Ground at {place}|Last Seen in {place}|The {adj} Witness|A {adj} Confession
                Statement of the {adj} Man|What the {who} Saw|The Night Shift at {place}
                place: Harrow Quay|Salt Lane|Fenwick Docks|Marlow Bridge|Gull Point|Tannery Row|Carrow Heath|Lock Nine|Ferry Road
                place: Quarry Hill
                adj: Silent|Second|Reluctant|Missing|Unreliable|Crooked|Borrowed|Patient|Quiet|Absent
                who: Caretaker|Ferryman|Night Nurse|Locksmith|Tram Driver|Cleaner|Lodger
                name: Brandt|Okoro|Lindqvist|Farrow|Maddern|Castellane
                """, "Inspector {name}"),
            Of("Noir", """
                {adj} Rain|Nobody Pays for {thing}|The {thing} Comes Due|A Room Above the {bar}|Last Call at the {bar}|{adj} Money
                Bury Me in {thing}|Too Late for {thing}
                adj: Cheap|Black|Bitter|Slow|Crooked|Yellow|Midnight|Stolen|Dirty
                thing: Neon|Gin|Favours|Tuesday|Silence|Smoke|Silk|Good Advice|Ashes|Mercy
                bar: Blue Lantern|Paradise Grill|Ace of Clubs|Velvet Dog|Terminal Hotel|Lucky Seven|Sailor's Rest
                """),
        ]),
        new("Thrillers", 7, 9.49, 17.99, Holidays(1.5),
        [
            Of("Spies", """
                The {city} {asset}|A Sleeper in {city}|{adj} Asset|The {adj} Courier|Station {city}|Exit Through {city}
                The Defector's {relation}
                city: Trieste|Tallinn|Bergen|Ankara|Lugano|Odessa|Valletta|Riga|Tangier|Vienna
                asset: Protocol|Exchange|Cipher|Handover|Intercept|Dossier|Contact|Transcript
                adj: Quiet|Discarded|Double|Winter|Burned|Grey|Unsigned|Distant
                relation: Daughter|Tailor|Piano Teacher|Widow|Shadow|Alphabet
                """, "The {city} Station"),
            Of("Courtroom thrillers", """
                The {adj} Juror|Beyond a {adj} Doubt|{adj} Counsel|The {thing} Clause|Objection to {thing}|A Verdict of {thing}
                The Case Against {thing}
                adj: Thirteenth|Hidden|Hostile|Final|Hollow|Sworn|Sealed|Silent
                thing: Mercy|Silence|Memory|Salvage|Glass|Blood|Kindness|Inheritance|Daylight
                """),
            Of("Survival", """
                {number} Hours to {place}|Below {place}|The {adj} Ridge|Whiteout at {place}|No Signal in {place}|The {adj} Descent
                Adrift off {place}
                number: Nine|Twelve|Seventy|Thirty-One|Forty|Six
                place: Raven Pass|Cape Sorrow|Devil's Ledge|Camp Four|The Shelf|Black Glacier|Station Kestrel|Skerry Rock
                adj: Broken|Frozen|Nameless|Blind|Last|Burning|Hollow
                """),
        ]),
        new("Romance", 9, 6.99, 12.99, Summer(1.6),
        [
            Of("Small-town romance", """
                The {shop} on {street}|Second Chances at the {shop}|Coming Home to {street}|Love, {extra} and the {shop}
                Snow Over {street}|The {adj} Summer on {street}
                shop: Cupcake Bakery|Lighthouse Cafe|Flower Barn|Little Bookshop|Button Shop|Seaside Inn|Dog Parlour
                shop: Ice Cream Parlour|Wedding Shop|Cider House
                street: Clover Street|Maple Lane|Driftwood Bay|Honeysuckle Hill|Lantern Row|Primrose Square|Willow Harbour
                street: Pebble Cove
                extra: Lemon Cake|Muddy Boots|Old Letters|Wildflowers|Strong Coffee|Bad Timing
                adj: Unexpected|Impossible|Long|Perfect|Stolen|Wonderful
                """, "{street} Romances"),
            Of("Regency romance", """
                The {title}'s {adj} {bride}|A {bride} for the {title}|How to Vex a {title}|The {adj} {title}
                Never Dance with a {title}|{number} Letters to a {title}
                title: Duke|Viscount|Earl|Baronet|Marquess|Captain|Rake|Highlander
                bride: Governess|Bride|Wallflower|Heiress|Chaperone|Companion|Runaway
                adj: Reluctant|Scandalous|Improper|Secret|Penniless|Bookish|Wayward
                number: Seven|Twelve|Unsent|Four|Nineteen
                """, "The {adj} {title}s"),
            Of("Holiday romance", """
                One {season} in {place}|{place} for Two|The {place} Promise|Meet Me in {place}|A {adj} {season} in {place}
                Sunsets over {place}
                season: Summer|Week|June|September|Fortnight|Spring
                place: Santorini|Sorrento|Provence|Mallorca|Corfu|Amalfi|Madeira|the Lavender Fields|the Blue Lagoon
                adj: Careless|Golden|Borrowed|Barefoot|Reckless|Second
                """),
        ]),
        new("Historical novels", 7, 9.99, 18.99, Holidays(1.4),
        [
            Of("Sea and sail", """
                The {adj} Tide|A Midshipman of the {ship}|The {ship} Sails at Dawn|Under {adj} Canvas|The Chartmaker's {relation}
                Prize Money|The Surgeon of the {ship}
                adj: Turning|Ebbing|Iron|Western|Spring|Distant|Falling
                ship: Halcyon|Resolve|Merrow|Peregrine|Constance|Valiant Rose|Northern Star
                relation: Apprentice|Daughter|Debt|Oath|Compass|Brother
                """, "Captain of the {ship}"),
            Of("Wartime", """
                The {who} of {place}|Letters from {place}|The {adj} Winter of {place}|When {place} Went Dark|The {who}'s Ration Book
                A {who} at the {adj} Front
                who: Telegraph Girl|Ambulance Driver|Seamstress|Codebreaker|Lamplighter|Land Girl|Nurse|Baker
                place: Rue Marchand|Pier Eleven|St Anne's Ward|Hangar Six|Canal Street|Lavender Yard|Platform Two
                adj: Last|Long|Hungry|Forgotten|Coldest|Quiet
                """),
            Of("Courts and crowns", """
                The {adj} {court}|A {court} of {thing}|The King's {craft}|The Queen's {craft}|{thing} for the {adj} Throne
                The Embroiderer's {thing}|The {craft} and the Crown
                adj: Uncrowned|Borrowed|Gilded|Empty|Bastard|Burning|Winter
                court: Regent|Court|Queen|Palace|Heir|Cardinal|Dowager
                thing: Ash|Velvet|Thorns|Amber|Wax and Gold|Feathers|Pearls
                craft: Falconer|Apothecary|Painter|Translator|Clockmaker|Perfumer|Glazier
                """),
        ]),
        new("Literary fiction", 9, 10.99, 21.99, Holidays(1.4),
        [
            Of("Family sagas", """
                The {adj} House on {place}|Daughters of {place}|What We Kept from {place}|The {family} Inheritance
                All the {family} Women|A {adj} Supper at {place}|The Orchard at {place}
                adj: Empty|Long|White|Crowded|Unfinished|Yellow|Patient
                place: Alder Hill|River Street|Stonecrop|the Saltings|Half Moon Bay|Ansel Road|Winter Farm|Larkfield
                family: Harcastle|Delacey|Moreland|Abernethy|Quintana|Vasiliou|Oyelaran|Lindgren
                """),
            Of("Quiet lives", """
                {gerund} in {month}|The {adj} Art of {gerund}|A Year of {gerund}|Notes on {gerund}|{month}, Without the {who}
                The {who}'s Afternoon|An {adj2} {who}
                gerund: Waiting|Leaving|Listening|Forgetting|Mending|Swimming|Translating|Folding Paper|Counting Swans|Walking Home
                month: November|Late August|February|the Wet Season|October|Early Spring|June
                adj: Patient|Difficult|Lost|Gentle|Dying|Ordinary
                adj2: Ordinary|Uncertain|Unhurried|Honest|Almost Happy
                who: Piano Tuner|Archivist|Ferryman|Cartographer|Widower|Night Porter|Understudy|Lighthouse Keeper|Interpreter
                """),
            Of("Short stories", """
                {thing} and Other Stories|{thing} and Other Small Disasters|{number} Ways to Leave {place}|Stories from {place}
                {thing}, Mostly
                thing: The Weight of Oranges|A Borrowed Umbrella|Salt|The Understudy|Postcards Never Sent|Rooms with Birds
                thing: The Wrong Funeral|Paper Boats|An Hour of Snow|The Last Good Chair|Static|Blue Hour|Strangers on a Ferry
                thing: The Museum of Keys
                number: Eleven|Seven|Fourteen|Nineteen|Three
                place: the City|a Room|an Island|Your Mother's House|the Motorway|a Party|the Lake
                """),
        ]),
        new("Humour", 5, 7.99, 14.99, Winter(2.2),
        [
            Of("Comic novels", """
                The Accidental {who}|{who} on the Loose|How My {relation} Became a {who}|The {who} Who Lost the {thing}
                Never Lend Your {thing} to a {who}|Three {who}s and a {thing}
                who: Bishop|Mayor|Astronaut|Butler|Beekeeper|Diplomat|Detective|Ventriloquist|Taxidermist|Spy
                relation: Aunt|Goldfish|Landlord|Dentist|Ex-Husband|Grandmother|Accountant
                thing: Trombone|Caravan|Parrot|Lawnmower|Moustache|Crown Jewels|Wedding Cake|Canoe
                """),
            Of("Wry essays", """
                {thing} Is Not a Personality|Against {thing}|In Defence of {thing}|I Was Told There Would Be {thing}
                {thing}: A Love Story|Everything I Know About {thing} I Made Up
                thing: Brunch|Small Talk|Decluttering|Camping|Spreadsheets|Sourdough|Mornings|Group Chats|Parking|Umbrellas
                thing: Open-Plan Offices|Fun|Hosting|Flat-Pack Furniture
                """),
        ]),
    ];
}
