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
    private const string SecretSetting = "session_secret";
    private const int SecretBytes = 32;
    private byte[] _secret = [];

    public async Task LoadAsync(CancellationToken cancellation)
    {
        if (await settings.FindAsync(tenant, SecretSetting, cancellation) is { } kept) _secret = JsonSerializer.Deserialize<byte[]>(kept)!;
        if (_secret.Length == SecretBytes) return;
        _secret = RandomNumberGenerator.GetBytes(SecretBytes);
        await settings.SetAsync(tenant, SecretSetting, JsonSerializer.Serialize(_secret), CancellationToken.None);
    }

    /// <param name="person">Whose session.</param>
    /// <param name="questionnaireId">Through what.</param>
    /// <param name="earlier">How many of it the person has begun before.</param>
    public string Of(Person person, string questionnaireId, int earlier) => Convert.ToHexStringLower(HMACSHA256.HashData(_secret,
        Encoding.UTF8.GetBytes(AnswerEvents.Digest(tenant.Id, person.ToString(), questionnaireId, earlier.ToString(CultureInfo.InvariantCulture)))))[..32];
}
