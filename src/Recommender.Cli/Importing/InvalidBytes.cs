using System.Text;

namespace Recommender.Cli.Importing;

/// <summary>
/// Decodes UTF-8 and puts a mark in the place of bytes that are none, so that the line and the column can be named. The mark is one of
/// Unicode's noncharacters: text that is exchanged does not hold it, as it may well hold U+FFFD.
/// </summary>
internal static class InvalidBytes
{
    public const char Mark = '\uFDD0';

    public static readonly Encoding MarkingUtf8 = Encoding.GetEncoding("utf-8", EncoderFallback.ExceptionFallback,
        new DecoderReplacementFallback(Mark.ToString()));
}
