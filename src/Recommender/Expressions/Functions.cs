using System.Globalization;

namespace Recommender.Expressions;

/// <summary>The functions of the language: CEL's own, as far as filters need them.</summary>
internal static class Functions
{
    // RFC 3339, which CEL prescribes, with up to seven decimals of a second: an attribute has no more.
    private static readonly string[] _instants = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];

    private static readonly string[] _names = ["startsWith", "endsWith", "contains", "size", "timestamp", "has"];

    /// <param name="arguments">The target first, where there is one.</param>
    public static Code Compile(Syntax.Call call, Code[] arguments)
    {
        switch (call.Function)
        {
            case "startsWith" when call.OnTarget:
                return OfTexts(call, arguments, static (text, part) => text.StartsWith(part, StringComparison.Ordinal));
            case "endsWith" when call.OnTarget:
                return OfTexts(call, arguments, static (text, part) => text.EndsWith(part, StringComparison.Ordinal));
            case "contains" when call.OnTarget:
                return OfTexts(call, arguments, static (text, part) => text.Contains(part, StringComparison.Ordinal));
            case "size":
                return Size(call, arguments);
            case "timestamp" when !call.OnTarget:
                return Timestamp(call, arguments);
        }
        if (call.Function is "startsWith" or "endsWith" or "contains")
            throw new ExpressionException(call.Offset, $"{call.Function} is written text.{call.Function}(part)");
        if (call.Function is "timestamp" or "has")
            throw new ExpressionException(call.Offset, $"{call.Function} is written {call.Function}(...)");
        string hint = NearestName.Of(call.Function, _names) is { } nearest
            ? $"did you mean {nearest}?"
            : $"there are {string.Join(", ", _names)}";
        throw new ExpressionException(call.Offset, $"unknown function {call.Function}; {hint}");
    }

    private static Code OfTexts(Syntax.Call call, Code[] arguments, Func<string, string, bool> test)
    {
        if (arguments.Length != 2)
            throw new ExpressionException(call.Offset, $"{call.Function} takes one text, not {arguments.Length - 1}");
        if (call.Function == "contains" && arguments[0].Type.IsList)
            throw new ExpressionException(call.Offset, "contains looks into text, and this is a list; write element in list");
        foreach (Code argument in arguments)
        {
            if (argument.Type != ValueType.Text)
                throw new ExpressionException(call.Offset, $"{call.Function} needs text, and this is {argument.Type}");
        }
        return Code.Of(ValueType.Bool, arguments[0], arguments[1], (text, part) => Value.Of(test(text.Text, part.Text)));
    }

    private static Code Size(Syntax.Call call, Code[] arguments)
    {
        if (arguments.Length != 1) throw new ExpressionException(call.Offset, "size takes one text or list");
        ValueType type = arguments[0].Type;
        if (type.IsList) return Code.Of(ValueType.Int, arguments[0], static list => Value.Of((long)list.Count));
        if (type != ValueType.Text) throw new ExpressionException(call.Offset, $"size needs a text or a list, and this is {type}");
        return Code.Of(ValueType.Int, arguments[0], static text => Value.Of(CodePoints(text.Text)));
    }

    private static Code Timestamp(Syntax.Call call, Code[] arguments)
    {
        if (arguments.Length != 1 || arguments[0].Type != ValueType.Text)
            throw new ExpressionException(call.Offset, "timestamp takes one text, such as timestamp(\"2026-11-22T04:15:00Z\")");
        if (arguments[0].Constant is { IsMissing: false } text && Parsed(text.Text).IsMissing)
            throw new ExpressionException(
                call.Arguments[0].Offset, $"'{text.Text}' is no moment by RFC 3339; write it as \"2026-11-22T04:15:00Z\"");
        return Code.Of(ValueType.Instant, arguments[0], static text => Parsed(text.Text));
    }

    private static Value Parsed(string text)
    {
        // K would take a text without an offset for local time.
        bool hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return hasOffset && DateTimeOffset.TryParseExact(
            text, _instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant)
            ? Value.Of(instant)
            : Value.Missing;
    }

    private static long CodePoints(string text)
    {
        long count = 0;
        foreach (char letter in text)
            if (!char.IsLowSurrogate(letter)) count++;
        return count;
    }
}
