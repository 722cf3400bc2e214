using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Recommender.Server.Json;

/// <summary>
/// Messages as JSON, by the rules of ProtoJSON. Fields are called as in the protos, and may be sent in lowerCamelCase as well.
/// </summary>
internal static class JsonText
{
    public const string ContentType = "application/json";
    public const string LinesContentType = "application/x-ndjson";

    /// <summary>For JSON that is not a message: letters of all languages stay as they are.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Fields at their defaults are written, so that "items": [] is there when there are none.
    private static readonly JsonFormatter _formatter =
        new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithPreserveProtoFieldNames(true));

    public static byte[] Write(IMessage message, bool endLine)
    {
        string text = _formatter.Format(message);
        return _utf8.GetBytes(endLine ? text + "\n" : text);
    }

    /// <param name="firstLine">The number of the body's line that the text starts with, from 1.</param>
    /// <exception cref="RpcException">InvalidArgument, with the place and the field.</exception>
    public static IMessage Read(ReadOnlyMemory<byte> utf8, MessageDescriptor descriptor, int firstLine = 1)
    {
        if (utf8.Span.StartsWith(Encoding.UTF8.Preamble)) utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        try
        {
            return JsonParser.Default.Parse(_utf8.GetString(utf8.Span), descriptor);
        }
        catch (DecoderFallbackException e)
        {
            throw JsonFault.Of("", firstLine, 1, $"the text is not UTF-8: byte {e.Index + 1} is 0x{e.BytesUnknown?[0]:X2}");
        }
        catch (Exception e) when (
            e is InvalidJsonException or InvalidProtocolBufferException or FormatException or OverflowException or ArgumentException)
        {
            throw JsonFault.Find(utf8.Span, descriptor, firstLine, e.Message);
        }
    }
}
