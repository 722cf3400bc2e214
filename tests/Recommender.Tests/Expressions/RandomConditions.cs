using System.Globalization;

namespace Recommender.Tests.Expressions;

/// <summary>Conditions on the items of <see cref="Catalogue.RandomItems"/> in which every operator, function and kind occurs.</summary>
internal sealed class RandomConditions(Random random)
{
    public string Next(int depth = 3) => depth == 0 ? Simple() : random.Next(9) switch
    {
        0 or 1 => Joined(" && ", depth),
        2 => Joined(" || ", depth),
        3 => $"!({Next(depth - 1)})",
        4 => $"({Next(depth - 1)} ? {Next(depth - 1)} : {Next(depth - 1)})",
        5 => $"(({Next(depth - 1)}) {Pick("==", "!=")} ({Next(depth - 1)}))",
        _ => Simple(),
    };

    private string Joined(string by, int depth) =>
        "(" + string.Join(by, Enumerable.Range(0, random.Next(2, 5)).Select(_ => Next(depth - 1))) + ")";

    private string Simple() => random.Next(12) switch
    {
        0 => Pick("item.signed", "true", "false", "item.signed == false"),
        1 => $"has(item.{Pick("price", "cost", "genre", "brand", "title", "signed", "released", "tags", "id")})",
        2 or 3 => $"{Number(2)} {Pick("<", "<=", ">", ">=", "==", "!=")} {Number(2)}",
        4 => $"{Integer(2)} {Pick("<", ">=", "==")} {Integer(2)}",
        5 => $"{Text()} {Pick("<", "<=", ">", ">=", "==", "!=")} {Text()}",
        6 => $"{Text()}.{Pick("startsWith", "endsWith", "contains")}({Text()})",
        7 => $"{Instant()} {Pick("<", "<=", ">", ">=", "==", "!=")} {Instant()}",
        8 or 9 => $"{Text()} in {List()}",
        10 => $"{List()} {Pick("==", "!=")} {List()}",
        _ => $"{Number(1)} in [{Number(1)}, {Number(0)}, 3]",
    };

    private string Number(int depth) => depth == 0 || random.Next(3) == 0
        ? Pick("item.price", "item.price", "item.cost", "item.price", random.Next(100).ToString(CultureInfo.InvariantCulture), "0.0", "2.5", "1e3", "-1.0")
        : random.Next(3) switch
        {
            0 => $"-({Number(depth - 1)})",
            1 => $"({Next(0)} ? {Number(depth - 1)} : {Number(depth - 1)})",
            _ => $"({Number(depth - 1)} {Pick("+", "-", "*")} {Number(depth - 1)} / {Pick("item.price", "item.cost", "4.0")})",
        };

    private string Integer(int depth) => depth == 0
        ? Pick("0", "1", "2", "9223372036854775807", $"size({Text()})", $"size({List()})")
        : $"({Integer(depth - 1)} {Pick("+", "-", "*", "/", "%")} {Integer(depth - 1)})";

    private string Text() => Pick(
        "item.genre", "item.genre", "item.brand", "item.brand", "item.title", "item.id", "'crime'", "'poetry'", "'brand 7'", "''", "'e'", "'\U0001F600'",
        "(item.genre + item.brand)", "(item.brand + 'x')", "(item.signed ? item.genre : item.brand)");

    private string Instant() => Pick(
        "item.released", "item.released", "timestamp('2020-01-03T00:00:00Z')", "timestamp('2020-01-05T02:00:00+02:00')", "timestamp(item.genre)");

    private string List() => Pick(
        "item.tags", "item.tags", "item.tags", "['crime', 'poetry']", "[]", "[item.genre, item.brand]", "['crime', item.genre]", "['brand 1', 'brand 2', 'tag 1']");

    private string Pick(params string[] from) => from[random.Next(from.Length)];
}
