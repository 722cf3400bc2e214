using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Server.Questionnaires;

/// <summary>
/// Ids of sessions, of 32 hexadecimal digits. Two who start one person's session at once come to the same id, and nobody can guess another's:
/// they follow from a secret of the shop.
/// </summary>
internal sealed class SessionIds(ISettings settings, Tenant tenant)
{
    public const string SecretSetting = "session_secret";
    private const int SecretBytes = 32;
    private byte[] _secret = [];

    public async Task LoadAsync(CancellationToken cancellation)
    {
        string? kept = await settings.FindAsync(tenant, SecretSetting, cancellation);
        if (kept is null)
        {
            // Of several servers that open a new shop at once one makes the secret, and all take it.
            await settings.TryAddAsync(tenant, SecretSetting, JsonSerializer.Serialize(RandomNumberGenerator.GetBytes(SecretBytes)), cancellation);
            kept = await settings.FindAsync(tenant, SecretSetting, cancellation);
        }
        _secret = JsonSerializer.Deserialize<byte[]>(kept!)!;
    }

    /// <param name="person">Whose session.</param>
    /// <param name="questionnaireId">Through what.</param>
    /// <param name="earlier">How many of it the person has begun before.</param>
    public string Of(Person person, string questionnaireId, int earlier) => Convert.ToHexStringLower(HMACSHA256.HashData(_secret,
        Encoding.UTF8.GetBytes(AnswerEvents.Digest(tenant.Id, person.ToString(), questionnaireId, earlier.ToString(CultureInfo.InvariantCulture)))))[..32];
}
