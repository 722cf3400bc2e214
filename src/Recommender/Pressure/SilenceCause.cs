namespace Recommender.Pressure;

/// <summary>What keeps somebody from being addressed.</summary>
public enum SilenceCause
{
    /// <summary>Nothing does.</summary>
    None,

    /// <summary>They did not agree to it.</summary>
    Consent,

    /// <summary>They were addressed enough.</summary>
    Budget,

    /// <summary>An indicator is below what the scenario asks for.</summary>
    Guardrail,

    /// <summary>They asked to be forgotten.</summary>
    Erased,

    /// <summary>They are the same person as another customer, who is addressed.</summary>
    OtherAccount,
}
