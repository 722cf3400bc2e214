using System.Globalization;
using System.Text;

namespace Recommender.Expressions;

/// <summary>String literals of CEL: single or double quotes, one or three of them, with escapes or raw.</summary>
internal static class StringLiteral
{
    /// <summary>Reads the literal whose opening quote is at <paramref name="at"/> and moves behind its closing one.</summary>
    public static string Read(string text, ref int at, bool raw)
    {
        int start = at;
        char quote = text[at];
        bool triple = at + 2 < text.Length && text[at + 1] == quote && text[at + 2] == quote;
        string closing = new(quote, triple ? 3 : 1);
        at += closing.Length;

        var value = new StringBuilder();
        while (at < text.Length)
        {
            char letter = text[at];
            if (string.CompareOrdinal(text, at, closing, 0, closing.Length) == 0)
            {
                at += closing.Length;
                return value.ToString();
            }
            if (!triple && letter is '\n' or '\r')
                throw new ExpressionException(at, $"a string in single {closing} ends on its own line; write \\n, or use three quotes");
            if (letter == '\\' && !raw)
            {
                ReadEscape(text, ref at, value);
                continue;
            }
            value.Append(letter);
            at++;
        }
        throw new ExpressionException(start, $"the string is not closed by {closing}");
    }

    private static void ReadEscape(string text, ref int at, StringBuilder value)
    {
        int start = at;
        char kind = at + 1 < text.Length ? text[at + 1] : '\0';
        at += 2;
        switch (kind)
        {
            case 'a': value.Append('\a'); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case 'n': value.Append('\n'); break;
            case 'r': value.Append('\r'); break;
            case 't': value.Append('\t'); break;
            case 'v': value.Append('\v'); break;
            case '\\' or '?' or '"' or '\'' or '`': value.Append(kind); break;
            case 'x' or 'X': AppendCodePoint(2, NumberStyles.AllowHexSpecifier, ref at); break;
            case 'u': AppendCodePoint(4, NumberStyles.AllowHexSpecifier, ref at); break;
            case 'U': AppendCodePoint(8, NumberStyles.AllowHexSpecifier, ref at); break;
            case >= '0' and <= '3':
                at--;
                AppendCodePoint(3, NumberStyles.None, ref at);
                break;
            default:
                throw new ExpressionException(start, "a backslash starts none of CEL's escapes; write \\\\ for the backslash itself");
        }

        void AppendCodePoint(int digits, NumberStyles style, ref int at)
        {
            int codePoint = -1;
            if (at + digits <= text.Length)
            {
                ReadOnlySpan<char> number = text.AsSpan(at, digits);
                if (style == NumberStyles.None) codePoint = number.ContainsAnyExceptInRange('0', '7') ? -1 : Octal(number);
                else if (!int.TryParse(number, style, CultureInfo.InvariantCulture, out codePoint)) codePoint = -1;
            }
            if (codePoint < 0)
                throw new ExpressionException(
                    start, $"the escape needs {digits} {(style == NumberStyles.None ? "octal" : "hexadecimal")} digits");
            if (!Rune.IsValid(codePoint)) throw new ExpressionException(start, $"U+{codePoint:X4} is not a character of Unicode");
            value.Append(new Rune(codePoint).ToString());
            at += digits;
        }
    }

    private static int Octal(ReadOnlySpan<char> digits)
    {
        int number = 0;
        foreach (char digit in digits) number = (number * 8) + (digit - '0');
        return number;
    }
}
