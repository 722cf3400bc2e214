using System.Buffers;
using System.IO.Pipelines;

namespace Recommender.Server.Json;

/// <summary>Reads a request's body, whole or line by line, never holding more than one message's limit.</summary>
internal sealed class JsonBody(PipeReader reader, int limit)
{
    /// <summary>The number of the line read last, from 1.</summary>
    public int Line { get; private set; }

    public async Task<byte[]> ReadAllAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellation);
            if (result.Buffer.Length > limit) throw HttpRefusalException.TooLarge(limit);
            if (result.IsCompleted)
            {
                byte[] body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>The next line that is not blank, without its end; null at the end of the body.</summary>
    public async Task<byte[]?> ReadLineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellation);
            ReadOnlySequence<byte> buffer = result.Buffer;
            SequencePosition? end = buffer.PositionOf((byte)'\n');
            ReadOnlySequence<byte> line = end is { } at ? buffer.Slice(0, at) : buffer;
            if (line.Length > limit) throw HttpRefusalException.TooLarge(limit);
            if (end is null && !result.IsCompleted)
            {
                reader.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            byte[] text = line.ToArray();
            reader.AdvanceTo(end is { } newline ? buffer.GetPosition(1, newline) : buffer.End);
            Line++;
            if (!text.AsSpan().Trim(" \t\r"u8).IsEmpty) return text;
            if (end is null) return null;
        }
    }
}
