using System.Collections.Immutable;
using static Recommender.Cli.Demo.BookshopCalendar;
using static Recommender.Cli.Demo.BookshopSubgenre;

namespace Recommender.Cli.Demo;

/// <summary>Books for those who read them, or hear them, before they are grown up.</summary>
internal static class BookshopYoungReaders
{
    public static readonly ImmutableArray<BookshopGenre> Genres =
    [
        new("Young adult", 6, 7.99, 13.99, Summer(1.4),
        [
            Of("School stories", """
                The {adj} Girl in Room {number}|Everything {name} Didn't Say|{name} Versus Everyone|The {adj} Year of {name}
                Dear {name}, Sorry|Detention with {name}
                adj: New|Loudest|Invisible|Third|Best|Worst|Almost Famous
                number: Nine|Eleven|Fourteen|Twenty-Two|Six
                name: Juno Park|Theo Vance|Mina Solberg|Casper Lyle|Ivy Adeyemi|Robin Tran|Nell Fontaine
                """),
            Of("Dystopias", """
                The {adj} Zone|{thing} Day|Children of the {thing}|The {thing} Trials|Run Before the {thing}|Daughter of {thing}
                The {adj} Rebellion
                adj: Quiet|Glass|Silver|Outer|Last|Forbidden|Paper
                thing: Lottery|Drought|Signal|Division|Fence|Flood|Reset|Storm Wall
                """, "The {thing} Saga"),
        ]),
        new("Children's books", 7, 6.49, 12.99, Winter(2.0),
        [
            Of("Animal adventures", """
                {name} the {adj}|{name} and the {thing}|The {animal} Who Wanted a {thing}|{name} Goes to {place}
                A {thing} for {name}
                name: Pip|Bramble|Otto|Hazel|Mr Whiskerby|Tuppence|Nutmeg|Captain Paws|Dot|Fennel
                adj: Brave|Very Small|Grumpy|Curious|Muddy|Clever|Forgetful
                animal: Hedgehog|Badger|Otter|Dormouse|Puffin|Fox|Donkey|Tortoise|Squirrel
                thing: Rowing Boat|Kite|Runaway Balloon|Birthday Hat|Moon Map|Red Scarf|Lost Acorn
                place: School|the Seaside|the Fair|the North Pole|Town|the Moon
                """, "{name}'s Adventures"),
            Of("Young detectives", """
                The Secret of {place}|The {gang} and the {thing}|The {thing} Mystery|Clues at {place}|Who Stole the {thing}?
                The {gang} Crack the Code
                place: Smugglers' Cave|Owl Island|the Old Mill|Lighthouse Point|the Hidden Staircase|Castle Crag
                gang: Tree House Club|Alley Cats|Magnifying Gang|Midnight Four|Bicycle Spies
                thing: Golden Trumpet|Missing Mummy|Ghost Train|Museum Penguin|Purple Diamond|Circus Ticket
                """, "The {gang}"),
            Of("Magic and mischief", """
                {name} and the {adj} Wand|The {school} for {adj} {who}s|{name}'s {adj} Potion|My Teacher Is a {who}
                The {who} in the Wardrobe Department|{name} Turns Everyone Green
                name: Tilly Thunder|Max Marvello|Wanda Quill|Barnaby Spark|Zuri Moonbeam
                adj: Wobbly|Upside-Down|Invisible|Second-Best|Sneezing|Terrible
                school: Academy|Night School|Summer Camp|Boarding School
                who: Witch|Wizard|Troll|Phantom|Mermaid|Yeti
                """, "{name}"),
        ]),
        new("Picture books", 5, 7.99, 14.99, Winter(2.1),
        [
            Of("Bedtime books", """
                Goodnight, {animal}|Ten Sleepy {animal}s|The {animal} Who Couldn't Sleep|Where Does the {thing} Go at Night?
                Hush, Said the {thing}|One More Story, {animal}
                animal: Bear|Whale|Rabbit|Owl|Elephant|Little Lamb|Hippo|Kitten|Duckling|Snail
                thing: Moon|Wind|Train|River|Snow|Sea|Star
                """),
            Of("Things that go", """
                {vehicle} at Work|Here Comes the {vehicle}!|The {adj} Little {vehicle}|{number} Busy {vehicle}s
                The Day the {vehicle} Stopped|My First {vehicle} Book
                vehicle: Digger|Tractor|Tugboat|Fire Engine|Snowplough|Tram|Cement Mixer|Helicopter|Bicycle|Rocket
                adj: Red|Rusty|Brave|Slow|Shiny|Tired
                number: Five|Ten|Three|Seven
                """),
        ]),
    ];
}
