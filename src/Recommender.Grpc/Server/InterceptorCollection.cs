using System.Collections.ObjectModel;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

public class InterceptorCollection : Collection<InterceptorRegistration>
{
    public void Add<TInterceptor>(params object[] args) where TInterceptor : Interceptor => Add(typeof(TInterceptor), args);

    public void Add(Type interceptorType, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(interceptorType);
        if (!interceptorType.IsSubclassOf(typeof(Interceptor)))
            throw new ArgumentException($"{interceptorType} does not extend {typeof(Interceptor)}.", nameof(interceptorType));
        Add(new InterceptorRegistration(interceptorType, args));
    }
}

/// <summary>An interceptor of the server: the container's own if it has one, else one made for each call.</summary>
public class InterceptorRegistration
{
    private readonly object[] _arguments;
    private ObjectFactory? _factory;

    internal InterceptorRegistration(Type type, object[] arguments) => (Type, _arguments) = (type, arguments);

    public Type Type { get; }
    public IReadOnlyList<object> Arguments => _arguments;

    internal Interceptor Resolve(IServiceProvider services)
    {
        if (_arguments.Length == 0 && services.GetService(Type) is Interceptor registered)
            return registered;
        _factory ??= ActivatorUtilities.CreateFactory(Type, [.. _arguments.Select(argument => argument.GetType())]);
        return (Interceptor)_factory(services, _arguments);
    }
}
