using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    private static readonly SearchValues<char> _keyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>One key with its text or its bytes.</summary>
    public class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = Normalize(key);
            if (IsBinary)
                throw new ArgumentException($"'{key}' ends in -bin: its value must be bytes.", nameof(key));
            _text = value;
        }

        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = Normalize(key);
            if (!IsBinary)
                throw new ArgumentException($"'{key}' does not end in -bin: its value must be text.", nameof(key));
            _bytes = (byte[])valueBytes.Clone();
        }

        private Entry(string key, string? text, byte[]? bytes) => (Key, _text, _bytes) = (key, text, bytes);

        public string Key { get; }
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);
        public string Value => _text ?? throw new InvalidOperationException($"'{Key}' carries bytes, not text.");
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_text!) : (byte[])_bytes.Clone();

        /// <summary>The value as it stands in an HTTP header: bytes are base64 without padding.</summary>
        internal string WireValue => _bytes is null ? _text! : Convert.ToBase64String(_bytes).TrimEnd('=');

        public override string ToString() => IsBinary
            ? $"[Entry: key={Key}, {_bytes!.Length} bytes]"
            : $"[Entry: key={Key}, value={Value}]";

        /// <summary>Adds what one HTTP header line says. Peers may join binary values by commas and may pad them.</summary>
        internal static void AddWireValue(Metadata to, string key, string value)
        {
            key = key.ToLowerInvariant();
            if (!key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal))
            {
                to._entries.Add(new Entry(key, value, null));
                return;
            }
            foreach (string part in value.Split(',', StringSplitOptions.TrimEntries))
                to._entries.Add(new Entry(key, null, FromBase64(key, part)));
        }

        private static byte[] FromBase64(string key, string text)
        {
            string padded = (text.Length % 4) switch { 2 => text + "==", 3 => text + "=", _ => text };
            byte[] bytes = new byte[padded.Length / 4 * 3];
            return Convert.TryFromBase64String(padded, bytes, out int length)
                ? bytes[..length]
                : throw new RpcException(new Status(StatusCode.Internal, $"The value of header '{key}' is not base64."));
        }

        private static string Normalize(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            string lower = key.ToLowerInvariant();
            return lower.AsSpan().ContainsAnyExcept(_keyCharacters)
                ? throw new ArgumentException($"'{key}' is not a metadata key: use letters, digits, '.', '_' and '-'.", nameof(key))
                : lower;
        }
    }
}
