using System.Collections.Immutable;
using static Recommender.Cli.Demo.BookshopCalendar;
using static Recommender.Cli.Demo.BookshopSubgenre;

namespace Recommender.Cli.Demo;

/// <summary>Novels of other worlds: fantasy, science fiction, horror.</summary>
internal static class BookshopWonders
{
    public static readonly ImmutableArray<BookshopGenre> Genres =
    [
        new("Fantasy", 9, 9.99, 19.99, Holidays(1.4),
        [
            Of("Epic fantasy", """
                The {adj} {regalia}|{regalia} of {matter}|The {realm} Oath|Heir of {realm}|The Siege of {realm}
                A {regalia} in {matter}|The Last {mage} of {realm}|{matter} and {matter2}
                adj: Sundered|Ashen|Nameless|Hollow|Broken|Sleeping|Thrice-Forged|Unwritten
                regalia: Crown|Blade|Throne|Banner|Gate|Covenant|Horn|Shield
                matter: Ember|Winter Iron|Bone|Starlight|Thorn|Ruin|Salt|Dusk
                matter2: Oath|Storm|Raven|Sorrow|Flame|Song
                realm: Caerwyth|Ondravar|the Nine Marches|Iskarel|Tavimor|the Drowned Coast|Vethany|Hollowmere
                mage: Runesmith|Warden|Dragonrider|Seer|Stormcaller|Swordmaster
                """, "The Chronicles of {realm}"),
            Of("Cosy fantasy", """
                The {creature}'s {shop}|A {shop} for Retired {creature}s|{drink} and {creature}s|The {adj} {creature} of {town}
                {shop} at the Edge of the Map
                creature: Witch|Dragon|Goblin|Wizard|Ogre|Griffin|Hedge Knight|Necromancer
                shop: Bakery|Tea House|Apothecary|Lending Library|Yarn Shop|Inn|Candle Shop|Bathhouse
                drink: Tea|Honey Cakes|Pumpkins|Cinnamon|Marmalade|Dumplings
                adj: Reluctant|Accidental|Very Polite|Unlicensed|Sleepy|Shortsighted
                town: Puddlewick|Mossgate|Thimble Hollow|Upper Bramble|Lanternford
                """, "Tales from {town}"),
            Of("Urban fantasy", """
                {adj} Spells|The {district} Hex|Blood on {district}|A Fae in {district}|The {adj} Coven|Wolf of {district}
                Night Market at {district}
                adj: Crooked|Second-Hand|Forbidden|Midnight|Borrowed|Unlicensed|Neon
                district: Ninth Avenue|Canal Row|the Old Tram Depot|Gaslight Square|Ravenscourt Yard|the Undercroft|Tin Street
                """, "The {district} Files"),
        ]),
        new("Science fiction", 8, 9.49, 18.49, Holidays(1.3),
        [
            Of("Space opera", """
                The {ship} Gambit|Beyond {star}|A Fleet for {star}|The {star} Accord|{adj} Orbit|Ambassador to {star}
                The Long Watch at {star}|Mutiny on the {ship}
                ship: Perihelion|Quiet Thunder|Ardent Fury|Kestrel Nine|Open Question|Second Dawn|Ninefold
                star: Tarsis Gate|the Veil|Orison Station|the Cinder Worlds|Kappa Reach|the Pale Belt|Meridian
                adj: Decaying|Silent|Final|Crossed|Hostile|Distant
                """, "The {star} Sequence"),
            Of("Near future", """
                The {adj} Algorithm|{thing} as a Service|Terms of {thing}|The Last {job}|Offline|{number} Percent Human
                The {thing} Shortage|Version {number}
                adj: Gentle|Jealous|Obedient|Forgetful|Honest|Lonely
                thing: Memory|Sleep|Consent|Rain|Silence|Grief|Privacy|Daylight|Attention
                job: Truck Driver|Translator|Beekeeper|Surgeon|Lifeguard|Teacher
                number: Nine|Thirty|Ninety|Twelve|Eleven|Four
                """),
            Of("Time and other worlds", """
                Yesterday's {who}|The {who} Who Missed {day}|A Map of {day}|Every {day} at Once|The Clock at the End of {place}
                Tomorrow in {place}|The {day} Paradox
                who: Stowaway|Historian|Twin|Watchmaker|Passenger|Prisoner|Librarian
                day: Tuesday|Never|Last Thursday|the Year Zero|Forever|Midnight
                place: Everything|Platform Zero|the River|Summer|Nowhere Street
                """),
        ]),
        new("Horror", 4, 8.99, 16.99, Autumn(2.6),
        [
            Of("Haunted houses", """
                The {room} at {house}|What Lives in the {room}|{house}|The {adj} Tenant of {house}|Do Not Open the {room}
                A Knock at {house}
                room: Nursery|Cellar|Blue Room|Attic|Servants' Stair|Locked Wing|Mirror Room|Boathouse
                house: Gallow House|Eventide Hall|Number Forty|Crowthorn|The Marrow House|Wither End|Sorrel Grange
                adj: Previous|Patient|Unseen|Last|Smiling|Hungry
                """),
            Of("Folk horror", """
                The {rite} of {village}|{village} Feeds the {thing}|Beneath the {thing}|The {adj} {rite}|Sing for the {thing}
                The {thing} Wakes in {village}
                rite: Harvest|Wickerwork|Naming|Long Night|Reaping|Gathering|Procession
                village: Blackmere|Hob's End|Lower Wychling|Stannock|Fallow Deep
                thing: Standing Stones|Old Oak|Marsh|Furrow|White Hart|Well|Bone Field
                adj: Seventh|Last|Quiet|Thirsty|Midwinter
                """),
        ]),
    ];
}
