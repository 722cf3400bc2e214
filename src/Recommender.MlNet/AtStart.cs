using System.Runtime.CompilerServices;

namespace Recommender.MlNet;

/// <summary>Compiled into the command where ML.NET's packages are: its trainers are known before any recipe is read.</summary>
internal static class AtStart
{
    [ModuleInitializer]
    internal static void Register() => MlNetTrainers.Register();
}
