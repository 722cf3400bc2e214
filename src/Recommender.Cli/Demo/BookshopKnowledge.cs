using System.Collections.Immutable;
using static Recommender.Cli.Demo.BookshopCalendar;
using static Recommender.Cli.Demo.BookshopSubgenre;

namespace Recommender.Cli.Demo;

/// <summary>Books that tell what was and what is: lives, history, science, ideas, nature, verse.</summary>
internal static class BookshopKnowledge
{
    public static readonly ImmutableArray<BookshopGenre> Genres =
    [
        new("Biography", 5, 12.99, 27.99, Winter(1.9),
        [
            Of("Lives of makers", """
                {name}: A Life in {matter}|The {adj} Life of {name}|{name} and the Invention of {matter}
                The Woman Who Dreamed in {matter}|Inventing {name}
                name: Adela Thorne|Josef Kaminek|Henrietta Marsh|Anton Wexley|Rosalba Fiori|Edwin Sallowby|Ngozi Balewa
                name: Clement Ardley
                matter: Glass|Steam|Copper|Silk|Paper|Concrete|Light|Wool|Numbers
                adj: Restless|Extraordinary|Double|Unfinished|Stubborn
                """),
            Of("Memoirs", """
                My Year as a {job}|The {job}'s Notebook|Growing Up {adj}|Leaving {place}|A {job} Remembers|Half a Life in {place}
                Letters to {place}
                job: Country Vet|Lighthouse Keeper|Trapeze Artist|Ship's Cook|Court Interpreter|Midwife|Stage Manager|Mountain Guide
                job: Butcher's Boy|War Photographer
                adj: Sideways|Between Languages|Above the Shop|on the Canal|Quietly
                place: Thessaloniki|the Mill Town|Nairobi|the Valley|the Circus|the Mission School|Gdansk
                """),
        ]),
        new("History", 6, 13.99, 32.99, Winter(1.7),
        [
            Of("Everyday history", """
                A History of {thing}|How {thing} Changed the World|A {adj} History of {thing}|{thing}: From Temple to Table
                {number} Centuries of {thing}|Before {thing}
                thing: Bread|Salt|Paper|Beds|Mirrors|Roads|Buttons|Laundry|Candles|Maps|Wool|Ink|Glass|Gossip|Debt
                adj: Secret|Brief|Crowded|Untold|Delicious
                number: Seven|Ten|Twenty|Five
                """),
            Of("Empires and wars", """
                The Fall of {place}|{place} in Flames|The {adj} Empire|{place}: The {number} Year|Soldiers of the {adj} Empire
                The Road to {place}
                place: Carthago Nova|the Steppe Kings|Byzantium's Walls|Samarkand|the Hanse|Granada|the Baltic Forts|Novgorod
                adj: Amber|Forgotten|Floating|Paper|Southern|Silk
                number: Last|First|Terrible|Longest|Hundredth
                """),
        ]),
        new("Popular science", 6, 12.49, 26.99, Winter(1.6),
        [
            Of("Mind and body", """
                The {adj} Brain|Why We {verb}|The Science of {thing}|{thing} on the Brain|Your {adj} Body|Learning to {verb} Again
                adj: Wandering|Borrowed|Hungry|Electric|Social|Ageing
                verb: Yawn|Forget|Blush|Hesitate|Dream|Gossip|Itch|Laugh
                thing: Touch|Boredom|Habit|Smell|Pain|Memory|Music|Fear
                """),
            Of("Space and numbers", """
                The {adj} Universe|{number} Equations That {verb}|A Field Guide to {thing}|The Shape of {thing}
                {thing} for the Curious|Counting to {thing}
                adj: Lopsided|Loud|Expanding|Improbable|Dusty|Elegant
                number: Seven|Nine|Twelve|Four
                verb: Changed Everything|Nobody Believed|Fit on a Napkin|Run the World
                thing: Infinity|Dark Matter|Chance|Black Holes|Prime Numbers|Symmetry|Gravity|Nothing
                """),
        ]),
        new("Ideas", 4, 10.99, 22.99, January(1.3),
        [
            Of("Philosophy", """
                On {thing}|The {thing} Question|{thing} and Its Enemies|A Short Walk Through {thing}|Thinking About {thing}
                The Usefulness of {thing}
                thing: Doubt|Leisure|Friendship|Boredom|Luck|Obedience|Solitude|Kindness|Ownership|Regret|Certainty|Silence|Shame
                thing: Attention
                """),
            Of("Society", """
                The {adj} City|Who Owns {thing}?|The End of {thing}|Rethinking {thing}|The Price of {thing}|{thing} for All
                adj: Fifteen-Mile|Sleepless|Fair|Empty|Divided|Walkable
                thing: Water|Housing|Work|Trust|the Street|the Commons|Cheap Food|Childhood|Daylight|Expertise
                """),
        ]),
        new("Nature", 4, 11.99, 25.99, Spring(1.6),
        [
            Of("Birds and beasts", """
                The {season} of the {animal}|A {animal} in the Hand|Looking for {animal}s|The Secret Life of the {animal}
                {animal} Country|Among {animal}s
                season: Year|Summer|Return|Winter|Silence
                animal: Curlew|Barn Owl|Hare|Swift|Otter|Heron|Raven|Nightjar|Eel|Beaver|Bumblebee|Stag
                """),
            Of("Weather and landscape", """
                {place} in All Weathers|The {adj} Shore|A Book of {thing}|Reading the {thing}|The {thing} Walker|{thing} and Stone
                place: The Moor|The Fen|An Island|The High Pass|The Estuary|The Old Wood
                adj: Shifting|Western|Singing|Drowned|Stony
                thing: Clouds|Rain|Mosses|Fog|Rivers|Tides|Wind|Snow|Hedges
                """),
        ]),
        new("Poetry", 3, 8.49, 15.99, Winter(1.4),
        [
            Of("New poems", """
                {thing} with {thing2}|{number} Small {thing2}|Instructions for {thing}|The {adj} {thing}|{thing}, {adj}
                Elegy for a {thing}
                thing: Lighthouse|Orchard|Kitchen|Heron|Suitcase|Ladder|Window|Ferry|Doorway
                thing2: Rivers|Weather|Lanterns|Apologies|Hours|Horses|Bridges|Bells
                number: Forty|Thirteen|Nine|Some|Twenty
                adj: Unlit|Inherited|Half-Remembered|Tidal|Bright|Unsaid
                """),
        ]),
    ];
}
