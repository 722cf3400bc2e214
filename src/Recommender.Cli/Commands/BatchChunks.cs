using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Recommender.Protocol.V1;
using Recommender.Server.Profiles;

namespace Recommender.Cli.Commands;

/// <summary>
/// A batch for more customers than one call may list, asked for in several calls, one behind the other, and answered as if it were one: everybody once,
/// in the order of ids.
/// </summary>
internal sealed class BatchChunks
{
    // Both well below what a server takes at once unless it is told otherwise.
    private const int MostPeople = 20_000;
    private const int MostBytes = 1 << 20;

    private readonly RecommendBatchRequest _each;
    private readonly List<string[]> _chunks;
    private readonly long _people;

    /// <param name="each">What is asked for; whom is left open.</param>
    /// <param name="listed">In any order, some perhaps twice; none: whomever the request is for without a list.</param>
    public BatchChunks(RecommendBatchRequest each, IEnumerable<string> listed, int mostPeople = MostPeople)
    {
        string[] ids = [.. listed.Distinct(StringComparer.Ordinal).Order(IdOrder.Instance)];
        (_each, _chunks, _people) = (each, ids.Length > 0 ? Cut(ids, mostPeople) : [[]], ids.Length);
    }

    /// <summary>Tells batches apart, those too that are cut elsewhere: a place within one says nothing about another.</summary>
    public string HashOf(string format)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(format + '\0'));
        for (int chunk = 0; chunk < _chunks.Count; chunk++) hash.AppendData(RequestFor(chunk, "").ToByteArray());
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <param name="token">Of the last message that counts; empty: from the first.</param>
    /// <param name="ask">One call.</param>
    public async IAsyncEnumerable<RecommendBatchResponse> AskAsync(
        string token, Func<RecommendBatchRequest, IAsyncEnumerable<RecommendBatchResponse>> ask, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var place = token.Length > 0 ? JsonSerializer.Deserialize<Place>(token, JsonSerializerOptions.Web)! : new Place(0, "", 0, []);
        for (int chunk = place.Chunk; chunk < _chunks.Count; chunk++)
        {
            var (done, silent) = (place.Done, place.Silent);
            await foreach (var message in ask(RequestFor(chunk, place.Token)).WithCancellation(cancellation))
            {
                place = new Place(chunk, message.ResumeToken, done, silent);
                message.ResumeToken = JsonSerializer.Serialize(place, JsonSerializerOptions.Web);
                message.Progress = Sum(message.Progress, done, silent);
                if (_people > 0) message.Progress.Of = _people;
                place = place with { Done = message.Progress.Done, Silent = new(message.Progress.Silent) };
                yield return message;
            }
            place = place with { Token = "" };
        }
    }

    private RecommendBatchRequest RequestFor(int chunk, string token) => new(_each) { CustomerIds = { _chunks[chunk] }, ResumeToken = token };

    private static BatchProgress Sum(BatchProgress ofChunk, long done, Dictionary<string, long> silent)
    {
        var sum = new BatchProgress { Done = done + ofChunk.Done, Of = ofChunk.Of, Silent = { silent } };
        foreach (var (cause, people) in ofChunk.Silent) sum.Silent[cause] = silent.GetValueOrDefault(cause) + people;
        return sum;
    }

    private static List<string[]> Cut(string[] ids, int mostPeople)
    {
        var chunks = new List<string[]>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            int more = Encoding.UTF8.GetByteCount(ids[i]) + 3;
            if (i > from && (i - from == mostPeople || bytes + more > MostBytes))
            {
                chunks.Add(ids[from..i]);
                (from, bytes) = (i, 0);
            }
            bytes += more;
        }
        chunks.Add(ids[from..]);
        return chunks;
    }

    /// <summary>How far it has come, for going on.</summary>
    /// <param name="Token">From where to go on within the chunk.</param>
    /// <param name="Done">In the chunks before it.</param>
    /// <param name="Silent">In the chunks before it.</param>
    private sealed record Place(int Chunk, string Token, long Done, Dictionary<string, long> Silent);
}
