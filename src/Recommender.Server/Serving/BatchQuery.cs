using Recommender.Server.Profiles;

namespace Recommender.Server.Serving;

/// <summary>What many are to be recommended, checked for form.</summary>
/// <param name="Whom">Which customers.</param>
/// <param name="Each">What each of them is asked for; the person is left open.</param>
internal sealed record BatchQuery(CustomerChoice Whom, RecommendQuery Each)
{
    /// <summary>Whether those who are not to be addressed are left out; told otherwise.</summary>
    public bool LeaveOutSilent { get; init; }

    /// <summary>Empty: from the first.</summary>
    public string ResumeToken { get; init; } = "";

    /// <summary>Tells queries apart for which a token of the other would make no sense.</summary>
    public uint Fingerprint { get; init; }
}
